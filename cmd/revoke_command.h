// r8scan revoke: sends tokens that a person hands in to the callbacks that revoke.
#pragma once

#include "cmd/terminal.h"
#include "cmd/typed_options.h"

namespace r8scan::cmd {

int run_revoke(const TypedOptions& typed, const Terminal& terminal, const Environment& environment);

}  // namespace r8scan::cmd
