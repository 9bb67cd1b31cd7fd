// A token somewhere in bytes, and what a scan must say of it: the rows of the recall table.
//
// A Snippet is some bytes and the extent of the token's original characters in them; generators and encoders make
// snippets from snippets. A Case is a whole stream. Lines and columns are counted here the slow way, one character at
// a time by RFC 3629, independently of the scanner.
#pragma once

#include <r8scan/finding.h>

#include "tests/support/tokens.h"

#include <string>
#include <string_view>
#include <vector>

namespace r8scan::test {

struct Snippet {
    std::string bytes;
    std::size_t begin = 0;  // first character that carries a bit of the token
    std::size_t end = 0;    // behind the last one
};

/// Other bytes put around; the extent moves along.
[[nodiscard]] Snippet around(std::string_view before, Snippet inner, std::string_view behind);

/// A form with `{token}` in it, once; `{other}` becomes another token from the generator, as often as it stands there.
[[nodiscard]] Snippet filled(std::string_view form, std::string_view token, Rng& rng);

/// The bare token.
[[nodiscard]] Snippet bare(std::string_view token);

/// What holds the stream in which the position counts.
struct Whereabouts {
    std::vector<std::string> layers;  // outermost first
    std::string inner_path;           // "!dir/b.txt"
};

struct Case {
    std::string name;
    std::string group;
    std::uint64_t seed = 0;
    std::string content;
    std::string token;
    Position position;  // in the innermost container's stream
    std::uint64_t end_offset = 0;
    bool line_known = true;  // false: the contract does not say how lines and columns count there
    Whereabouts where;       // all layers
    Confidence confidence = Confidence::high;
};

/// Line, column and offset of the extent in these bytes.
[[nodiscard]] Position position_of(const Snippet& snippet);

/// Bytes of the code point at `at`; 1 for a byte that begins none (RFC 3629).
[[nodiscard]] std::size_t code_point_size(std::string_view text, std::size_t at);

}  // namespace r8scan::test
