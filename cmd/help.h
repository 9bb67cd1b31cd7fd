// The text of -h: examples first, then commands, options and exit codes.
#pragma once

#include <string>

namespace r8scan::cmd {

[[nodiscard]] std::string help_text();

}  // namespace r8scan::cmd
