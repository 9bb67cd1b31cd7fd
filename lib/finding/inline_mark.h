// Inline marks: words on a token's own line that say it may stay. Ours is `r8scan:allow`, with a reason behind it;
// those of other scanners are understood, so that nobody has to write two.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace r8scan {

/// The first mark in the lines that a token touches, with the reason behind ours: "r8scan:allow" or "r8scan:allow: made
/// for the tests". Raw bytes of the line: whoever shows them redacts and escapes them. Nothing where there is none.
[[nodiscard]] std::optional<std::string> inline_mark_in(std::string_view lines);

/// The reason in what inline_mark_in() gave; the mark itself where none stands behind it.
[[nodiscard]] std::string reason_of_mark(const std::string& mark);

}  // namespace r8scan
