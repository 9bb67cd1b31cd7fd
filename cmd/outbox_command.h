// `r8scan outbox list | deliver | retry ID | drop ID`: what was to be sent, looked at and sent.
#pragma once

#include "cmd/typed_options.h"

namespace r8scan::cmd {

int run_outbox(const TypedOptions& typed, const Environment& environment);

}  // namespace r8scan::cmd
