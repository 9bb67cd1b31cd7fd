// Takes tokens out of any text that goes into a report beside them: subjects, names, paths, links.
#pragma once

#include "engine/layer_scanner.h"

namespace r8scan {

/// One for each thread.
class Redactor {
public:
    explicit Redactor(const Matcher& matcher)
        : m_matcher(matcher), m_scratch(matcher.make_scratch()), m_scanner(matcher)
    {
    }

    /// The text with everything that any rule matches, whatever stands beside it, starred out as Secret::redacted()
    /// does; and with what holds a token in another encoding starred out whole.
    std::string redact(std::string_view text);

private:
    const Matcher& m_matcher;
    Matcher::Scratch m_scratch;
    LayerScanner m_scanner;
    Matches m_matches;
};

}  // namespace r8scan
