// The manual page r8scan(1), made of the same tables as the help, so that the two cannot disagree.
#pragma once

#include <string>

namespace r8scan::cmd {

/// In the language of man(7).
[[nodiscard]] std::string man_page();

}  // namespace r8scan::cmd
