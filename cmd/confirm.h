// A question to the person at the terminal.
#pragma once

#include <atomic>
#include <string_view>

namespace r8scan::cmd {

/// Asks on standard error and reads a line of standard input; true only for "y" or "yes", and false once `stop` is set.
/// For terminals alone.
[[nodiscard]] bool confirm(std::string_view question, const std::atomic<bool>& stop);

}  // namespace r8scan::cmd
