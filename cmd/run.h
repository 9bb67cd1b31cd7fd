// The program behind main(): from words to an exit code.
#pragma once

#include "cmd/typed_options.h"

#include <string>
#include <vector>

namespace r8scan::cmd {

/// `words` are the arguments without the program's name. Writes to standard output and standard error.
int run(const std::vector<std::string>& words, const Environment& environment);

}  // namespace r8scan::cmd
