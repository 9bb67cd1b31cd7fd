// `r8scan git [REPO|URL]`: every object of a repository.
#pragma once

#include "cmd/plan.h"
#include "cmd/terminal.h"

namespace r8scan::cmd {

/// Runs the command and gives the exit code.
int run_git(const Plan& plan, const Terminal& terminal);

}  // namespace r8scan::cmd
