// `r8scan staged` and `r8scan message`: what a commit is about to record.
#pragma once

#include "cmd/plan.h"
#include "cmd/terminal.h"
#include "cmd/typed_options.h"

namespace r8scan::cmd {

int run_staged(StagedPlan& plan, const Terminal& terminal, const Environment& environment);

/// Scans the file down to git's scissors line: what stands behind is shown to who commits, and not recorded.
int run_message(const MessagePlan& plan, const Terminal& terminal);

}  // namespace r8scan::cmd
