// Making bytes of a stranger's repository safe to show.
//
// Paths, names and messages are bytes that anybody may have written: not always UTF-8, and sometimes chosen to move the
// cursor, recolour the terminal or turn text around (https://trojansource.codes). Nothing leaves the program without
// passing one of these functions. They are pure; every result is valid UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace r8scan {

/// The first character of a text. `length` is its bytes: 0 for an empty text, 1 with `valid` false for a byte that does
/// not begin well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
struct DecodedCharacter {
    char32_t code_point = 0;
    std::size_t length = 0;
    bool valid = false;
};
[[nodiscard]] DecodedCharacter decode_utf8(std::string_view text);

/// Whether a terminal may act on the character instead of showing it, or readers may not see it: controls (C0, DEL,
/// C1), line and paragraph separators, controls of writing direction, and characters without a width.
[[nodiscard]] bool is_unsafe_to_show(char32_t code_point);

/// The text with each byte that is not UTF-8 as `\xHH`: the rule for paths in machine-readable reports. Controls stay.
[[nodiscard]] std::string utf8_or_hex(std::string_view bytes);

/// The same for people: what is unsafe to show is written as `\n`, `\r`, `\t`, `\xHH`, `\uHHHH` or `\UHHHHHHHH` too.
/// The result is one line. What a build server would take for a command in its log (`::error`, `##vso[`) is broken up.
[[nodiscard]] std::string escape_for_terminal(std::string_view bytes);

/// JSON text (valid UTF-8) with what is unsafe to show written as `\uHHHH`. JSON itself only asks for that below
/// U+0020; a report on a terminal needs it for the rest. The value that a parser reads stays the same.
[[nodiscard]] std::string escape_json_text(std::string_view json);

}  // namespace r8scan
