// `r8scan git [REPO]`: every object of a repository.
#pragma once

#include "cmd/plan.h"
#include "cmd/terminal.h"

#include <string_view>

namespace r8scan::cmd {

/// Runs the command and gives the exit code.
int run_git(const Plan& plan, const Terminal& terminal);

/// Whether the words are an address as git clone takes it: scheme://… or user@host:path.
[[nodiscard]] bool looks_like_address(std::string_view text);

}  // namespace r8scan::cmd
