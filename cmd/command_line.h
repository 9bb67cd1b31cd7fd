// From the words of a command line to TypedOptions. The only place that knows CLI11 is command_line.cpp.
#pragma once

#include <r8scan/result.h>

#include "cmd/typed_options.h"

#include <string>
#include <vector>

namespace r8scan::cmd {

/// Parses the words after the program's name; reads nothing else. Options may stand before or after the command.
/// Every error is ErrorCode::usage, and says what was probably meant.
Result<TypedOptions> parse_command_line(const std::vector<std::string>& words);

}  // namespace r8scan::cmd
