// "Did you mean": the known word that is nearest to a mistyped one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace r8scan {

/// How many letters must be inserted, removed, replaced or swapped with their neighbour to make one word the other.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of the known words (the first of several that are as near), or nothing where none is near enough to be
/// what was meant: more than a third of the letters differ.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace r8scan
