// `r8scan config show`: every setting as it counts here, and where it came from.
#pragma once

#include "cmd/typed_options.h"

namespace r8scan::cmd {

int run_config(const TypedOptions& typed, const Environment& environment);

}  // namespace r8scan::cmd
