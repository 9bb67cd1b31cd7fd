#include "cmd/stdin_command.h"

#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/scan_command.h"

#include <fcntl.h>
#include <unistd.h>

namespace r8scan::cmd {

int run_stdin(const StdinPlan& plan, const Terminal& terminal)
{
    // Before a report is opened, which might otherwise take the free descriptor.
    if (fcntl(STDIN_FILENO, F_GETFD) < 0) {
        say("standard input is closed: pipe something into r8scan stdin, or name a file with <");
        return exit_usage;
    }
    if (isatty(STDIN_FILENO) == 1 && !plan.quiet) {
        say("reading what you type: end it with Ctrl-D");
    }
    return run_scan(plan, terminal, [&](Sink& sink, Control& control) {
        return scan_stream(plan.scan, read_from_descriptor(STDIN_FILENO, control), sink, control);
    });
}

}  // namespace r8scan::cmd
