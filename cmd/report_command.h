// `r8scan report FILE...`: turns reports of ours into other formats, and several into one.
#pragma once

#include "cmd/plan.h"
#include "cmd/terminal.h"

namespace r8scan::cmd {

/// The exit code is the one that the scans together would have had.
int run_report(const ReportFilesPlan& plan, const Terminal& terminal);

}  // namespace r8scan::cmd
