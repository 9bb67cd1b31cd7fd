// The built-in rule file, carried inside the program.
#pragma once

#include <string_view>

namespace r8scan {
/// Text of patterns/replicate.toml as it stood when the library was built.
extern const std::string_view embedded_patterns;
}  // namespace r8scan
