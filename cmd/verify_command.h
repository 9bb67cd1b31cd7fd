// r8scan verify: asks about tokens that a person hands in.
#pragma once

#include "cmd/terminal.h"
#include "cmd/typed_options.h"

namespace r8scan::cmd {

int run_verify(const TypedOptions& typed, const Environment& environment);

}  // namespace r8scan::cmd
