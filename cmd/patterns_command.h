// `r8scan patterns list|check [FILE...]`: which rules there are, how each is matched, and whether their samples hold.
#pragma once

#include "cmd/typed_options.h"

#include <filesystem>

namespace r8scan::cmd {

/// Runs the command and gives the exit code: 0, or 2 where a file, a rule or a sample is wrong.
int run_patterns(const TypedOptions& typed, const std::filesystem::path& cache_dir);

}  // namespace r8scan::cmd
