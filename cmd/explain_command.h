// `r8scan explain FINGERPRINT [REPO]`: every place, the history and the reasons of one finding.
#pragma once

#include "cmd/plan.h"
#include "cmd/terminal.h"

namespace r8scan::cmd {

/// Scans the repository as `r8scan git` does and reports one finding alone. Exit code: 0, or 3 where the scan is
/// incomplete, or 2 where nothing there has that fingerprint.
int run_explain(ExplainPlan& plan, const Terminal& terminal);

}  // namespace r8scan::cmd
