// r8scan callback: shows what is configured, and sends a made-up token so that a receiver can be checked.
#pragma once

#include "cmd/terminal.h"
#include "cmd/typed_options.h"

namespace r8scan::cmd {

int run_callback(const TypedOptions& typed, const Environment& environment);

}  // namespace r8scan::cmd
