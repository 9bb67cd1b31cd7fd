// What looks like a token, starred out of any text: for messages that quote what was typed, or what a stranger
// answered.
#pragma once

#include <string>
#include <string_view>

namespace r8scan {

/// The text with everything that begins like a Replicate token ("r8_") and has at least its length in letters and
/// digits starred behind the fifth character.
[[nodiscard]] std::string star_tokens(std::string_view text);

/// The text with each occurrence of `secret` starred behind the fifth character, whatever it looks like.
[[nodiscard]] std::string star_out(std::string_view text, std::string_view secret);

}  // namespace r8scan
