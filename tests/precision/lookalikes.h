// What looks like a token and is none: placeholders of documentation, tokens too short or too long, and identifiers,
// hashes and symbols that hold the prefix. Made at run time from a seed, so that no scanner flags our tree.
#pragma once

#include "tests/support/tokens.h"

#include <string>
#include <vector>

namespace r8scan::test {

struct Lookalike {
    std::string name;
    std::string text;
};

[[nodiscard]] std::vector<Lookalike> lookalikes(Rng& rng);

/// The same text as it is, in a line of source, in base64, in UTF-16 and escaped.
[[nodiscard]] std::vector<Lookalike> in_all_encodings(const Lookalike& plain, Rng& rng);

}  // namespace r8scan::test
