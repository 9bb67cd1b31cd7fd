// Tells made-up tokens of documentation from real ones: 40 characters that nobody drew at random.
//
// Entropy cannot (the alphabet in order scores above most real tokens), nor can counts of digits (one real token in 80
// has fewer than two). So the shapes themselves are looked for: few different characters, runs along the alphabet, the
// digits or a keyboard, short periods and ladders, words run together. Each shape is so long that a random token has
// it with a chance below 1 in 1,000,000.
#pragma once

#include <string_view>

namespace r8scan {

/// Whether the characters behind the prefix ("r8_", "whsec_"; there may be none) are a placeholder.
[[nodiscard]] bool is_placeholder(std::string_view token);

}  // namespace r8scan
