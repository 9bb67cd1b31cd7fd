// `r8scan hook install|uninstall|status [--stage STAGE] [REPO]`: hooks of git that call this program.
#pragma once

#include "cmd/typed_options.h"

namespace r8scan::cmd {

/// Runs the command and gives the exit code. install, uninstall: 0, or 2 where something was refused. status: 0 where
/// every stage that was asked for (without --stage: at least one) has a hook of ours whose program is there, else 1.
int run_hook(const TypedOptions& typed, const Environment& environment);

}  // namespace r8scan::cmd
