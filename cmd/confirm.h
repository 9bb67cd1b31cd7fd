// A question to the person at the terminal.
#pragma once

#include <string_view>

namespace r8scan::cmd {

/// Asks on standard error and reads a line of standard input; true only for "y" or "yes". For terminals alone.
[[nodiscard]] bool confirm(std::string_view question);

}  // namespace r8scan::cmd
