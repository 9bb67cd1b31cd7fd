// Tells made-up tokens of documentation from real ones: 40 characters that nobody drew at random.
//
// Entropy cannot (the alphabet in order scores above most real tokens), so the shapes themselves are looked for: one
// character repeated, ascending or descending runs, short periods, a few words. Each shape is so long that a random
// token has it with a chance far below 1 in 1,000,000.
#pragma once

#include <string_view>

namespace r8scan {

/// Whether the characters after "r8_" are a placeholder.
[[nodiscard]] bool is_placeholder(std::string_view token);

}  // namespace r8scan
