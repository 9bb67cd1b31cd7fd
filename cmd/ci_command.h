// `r8scan ci`: what the change brings that a pipeline runs for. The environment says which change that is
// (cmd/ci_environment.h); here it is looked up what of that the clone has.
#pragma once

#include "cmd/plan.h"
#include "cmd/terminal.h"

namespace r8scan::cmd {

/// Runs the command and gives the exit code: that of the scan, or 3 where the clone lacks what must be compared with.
/// `typed` is what the plan was made from; a pipeline without a change is scanned like `r8scan git`.
int run_ci(RangePlan& plan, const TypedOptions& typed, const Terminal& terminal, const Environment& environment);

}  // namespace r8scan::cmd
