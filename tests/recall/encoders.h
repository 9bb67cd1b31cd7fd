// Encoders for the recall table: each turns a snippet into another one that holds the same token encoded, and knows
// where its bits went.
//
// Written for being plainly right, not fast, and independent of the decoders in lib/decode: a mistake made twice would
// cancel out.
#pragma once

#include "tests/recall/case.h"

#include <functional>
#include <optional>

namespace r8scan::test {

struct Base64Style {
    bool url = false;
    bool padded = true;
    std::size_t width = 0;          // characters a line; 0: one line
    std::string line_break = "\n";  // with the indentation of the next line, if any
};

[[nodiscard]] Snippet base64_of(const Snippet& plain, const Base64Style& style = {});

struct WideStyle {
    std::size_t unit = 2;  // bytes: 2 (UTF-16) or 4 (UTF-32)
    bool big_endian = false;
};

/// Of UTF-8 text.
[[nodiscard]] Snippet wide_of(const Snippet& plain, const WideStyle& style);

struct HexStyle {
    bool upper = false;
    std::string between;        // ",", ", 0x", " " …
    std::size_t width = 0;      // pairs a line; 0: one line
    std::string between_lines;  // in place of `between`
};

[[nodiscard]] Snippet hex_of(const Snippet& plain, const HexStyle& style);

/// Writes one character; gives back a form that stands for it.
using WriteCharacter = std::function<std::string(char)>;

/// Which characters to escape.
enum class Part { whole, everything, head, underscore, first, last, body, some, one };
inline constexpr Part all_parts[] = {Part::whole, Part::everything, Part::head, Part::underscore, Part::first,
                                     Part::last,  Part::body,       Part::some, Part::one};
[[nodiscard]] const char* to_string(Part part);

/// Escapes characters of the token, with Part::everything also those of the bytes around it.
[[nodiscard]] Snippet escaped(const Snippet& plain, Part part, const WriteCharacter& write, Rng& rng);

/// Puts something between characters of the token, before those whose numbers (1 to 39) are given.
[[nodiscard]] Snippet parted(const Snippet& plain, const std::vector<std::size_t>& before, std::string_view joint);

/// Quoted-printable with soft breaks after at most `width` characters a line, as mailers write it.
[[nodiscard]] Snippet quoted_printable_of(const Snippet& plain, std::size_t width, std::string_view line_break);

/// "\x72" and so on: a prefix, the code in a base with at least `digits` digits, a suffix.
[[nodiscard]] WriteCharacter numbered(std::string prefix, unsigned base, std::size_t digits, std::string suffix,
                                      bool upper = false);

}  // namespace r8scan::test
