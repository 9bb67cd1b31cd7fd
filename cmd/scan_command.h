// What every scanning command does around its scan: opens the outputs, shows progress, heeds Ctrl-C, says how it went.
#pragma once

#include "cmd/plan.h"
#include "cmd/terminal.h"

#include <functional>

namespace r8scan::cmd {

using Scan = std::function<Result<Summary>(Sink& sink, Control& control)>;

/// Runs the scan and gives the exit code. Nothing is scanned where an output cannot be opened.
int run_scan(const ReportPlan& plan, const Terminal& terminal, const Scan& scan);

}  // namespace r8scan::cmd
