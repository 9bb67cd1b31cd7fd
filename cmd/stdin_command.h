// `r8scan stdin`: standard input, to its end.
#pragma once

#include "cmd/plan.h"
#include "cmd/terminal.h"

namespace r8scan::cmd {

/// Runs the command and gives the exit code.
int run_stdin(const StdinPlan& plan, const Terminal& terminal);

}  // namespace r8scan::cmd
