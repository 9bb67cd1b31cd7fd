// The distinct tokens of one outermost byte stream (an object, a file, standard input), and the finding that a token
// there makes. What is known beyond the stream (commit, refs, object id) is added by whoever knows it.
#pragma once

#include "engine/redactor.h"

#include <memory>

namespace r8scan {

/// A token in a stream. The same token in two members of an archive stands at two places, so it is two.
struct StreamToken {
    // Its surest place, among equals the first; one without a mark before those with one. Lives in the hits.
    const Hit* first = nullptr;
    std::string sha256;
    std::uint64_t occurrences = 0;
    std::optional<std::string> mark;  // of the first place, where each place has one; raw
};

struct StreamTokens {
    std::vector<StreamToken> tokens;  // in order of their first place
    std::uint64_t placeholders = 0;   // distinct; not among the tokens unless shown
    std::uint64_t below_confidence = 0;
};

StreamTokens tokens_of(const std::vector<Hit>& hits, Confidence least, bool show_placeholders);

/// A finding with the fields that do not depend on where the stream comes from. `path` is the outermost stream's, raw,
/// empty where it has none.
Finding finding_of(const StreamToken& token, std::shared_ptr<const Secret> secret, const Rule& rule,
                   std::optional<std::string> path, Redactor& redactor);

}  // namespace r8scan
