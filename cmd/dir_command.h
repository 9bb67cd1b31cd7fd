// `r8scan dir PATH...`: files, and folders with all that is below them.
#pragma once

#include "cmd/plan.h"
#include "cmd/terminal.h"

namespace r8scan::cmd {

/// Runs the command and gives the exit code.
int run_dir(const DirPlan& plan, const Terminal& terminal);

}  // namespace r8scan::cmd
