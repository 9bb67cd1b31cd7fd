#include "cmd/dir_command.h"

#include "cmd/scan_command.h"

namespace r8scan::cmd {

int run_dir(const DirPlan& plan, const Terminal& terminal)
{
    return run_scan(plan, terminal, [&](Sink& sink, Control& control) { return scan_files(plan.scan, sink, control); });
}

}  // namespace r8scan::cmd
