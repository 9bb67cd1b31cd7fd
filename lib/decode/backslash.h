// Escapes that begin with a backslash: those of C, JSON, JavaScript, Python and shells, and \_ of Markdown and TeX.
//
// Any number of backslashes counts as one: text that was escaped twice has two or four.
#pragma once

#include "decode/decoded.h"

namespace r8scan::decode {

/// Decodes \xHH, \uHHHH, \u{H…}, \UHHHHHHHH, \x{H…}, octal \NNN, \n and its like, and \ before a mark, around `at`.
[[nodiscard]] Decoded decode_escapes_around(Bytes content, std::uint64_t at);

/// Decodes only \ before a mark, around `at`.
[[nodiscard]] Decoded decode_backslash_around(Bytes content, std::uint64_t at);

}  // namespace r8scan::decode
