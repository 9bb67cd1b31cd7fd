// An answer that is no report: help, versions, lists of rules.
#pragma once

#include <string>

namespace r8scan::cmd {

/// Writes the text to standard output and gives the exit code: that of a clean end, or, where it could not be written
/// and that was said, that of an incomplete one.
[[nodiscard]] int print(const std::string& text);

}  // namespace r8scan::cmd
