// How the beginning of a text shows where some or all of its characters are escaped.
#pragma once

#include "match/lead.h"

#include <string_view>
#include <vector>

namespace r8scan {

/// Expressions for a literal whose first escaped character is any of its own: percent (also %25HH), \xHH, \uHHHH,
/// \u{HH}, \UHHHHHHHH, octal, \ before a mark, HTML entities (also behind &amp;), quoted-printable with soft breaks.
[[nodiscard]] std::vector<LeadExpression> escape_anchors(std::string_view literal);

/// Expressions for hex of the literal, either case: run together, or with spaces, colons, commas, dashes or `, 0x`
/// between; and the same of UTF-16.
[[nodiscard]] std::vector<LeadExpression> hex_anchors(std::string_view literal);

/// Expressions for the literal in UTF-16 and UTF-32, either byte order.
[[nodiscard]] std::vector<LeadExpression> wide_anchors(std::string_view literal, bool caseless);

}  // namespace r8scan
