// `r8scan git --range`, `push` and `receive`: scans of what some commits bring.
#pragma once

#include "cmd/plan.h"
#include "cmd/terminal.h"
#include "cmd/typed_options.h"

namespace r8scan::cmd {

int run_range(RangePlan& plan, const Terminal& terminal, const Environment& environment);

/// Reads the lines of a pre-push hook; without any, PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF, which the pre-commit
/// framework sets instead.
int run_push(RangePlan& plan, const Terminal& terminal, const Environment& environment);

int run_receive(RangePlan& plan, const Terminal& terminal, const Environment& environment);

}  // namespace r8scan::cmd
