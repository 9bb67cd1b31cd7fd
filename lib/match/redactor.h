// Takes tokens out of any text that goes into a report beside them: subjects, names, paths, links.
#pragma once

#include "match/matcher.h"

namespace r8scan {

/// One for each thread.
class Redactor {
public:
    explicit Redactor(const Matcher& matcher) : m_matcher(matcher), m_scratch(matcher.make_scratch()) {}

    /// The text with everything that any rule matches, whatever stands beside it, starred out as Secret::redacted()
    /// does.
    std::string redact(std::string_view text);

private:
    const Matcher& m_matcher;
    MatchScratch m_scratch;
    std::vector<Candidate> m_candidates;
};

}  // namespace r8scan
