// What the program says on standard error: one line a message, escaped, and never with a token in it.
#pragma once

#include <string>
#include <string_view>

namespace r8scan::cmd {

/// The text with everything that looks like a token starred out behind its fifth character, and escaped. Messages quote
/// what was typed, and a token may have been typed by mistake.
[[nodiscard]] std::string safe_message(std::string_view text);

/// An address without the user and password that may stand in it.
[[nodiscard]] std::string without_user(std::string_view address);

/// Writes "r8scan: " and the safe message as a line on standard error.
void say(std::string_view text);

/// The same for text that is ours from end to end (help, statistics): as it stands, to standard error.
void say_block(std::string_view text);

}  // namespace r8scan::cmd
