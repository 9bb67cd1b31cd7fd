// The text of -h: examples first, then commands, options and exit codes. Behind a command: what concerns it alone.
#pragma once

#include <string>
#include <string_view>

namespace r8scan::cmd {

/// Of one command, or of all where it is empty.
[[nodiscard]] std::string help_text(std::string_view command = {});

/// Command lines to copy, as the help of a command shows them.
[[nodiscard]] std::string_view examples_of(std::string_view command);

}  // namespace r8scan::cmd
