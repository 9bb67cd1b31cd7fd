#include "cmd/git_command.h"

#include "cmd/scan_command.h"
#include "cmd/temporary_clone.h"

namespace r8scan::cmd {

int run_git(const Plan& plan, const Terminal& terminal)
{
    return run_scan(plan, terminal, [&](Sink& sink, Control& control) {
        return scan_where_it_is(plan.scan, control,
                                [&](const ScanOptions& options) { return scan_repository(options, sink, control); });
    });
}

}  // namespace r8scan::cmd
