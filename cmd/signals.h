// Ctrl-C: the first one asks the scan to stop and report, the second one ends the program at once.
#pragma once

#include <r8scan/scan.h>

#include <csignal>

namespace r8scan::cmd {

/// While it lives, SIGINT and SIGTERM set `control.stop`. One at a time in a process. A signal that is ignored already,
/// as in a job that a shell put into the background, stays ignored.
class StopOnSignal {
public:
    explicit StopOnSignal(Control& control);
    ~StopOnSignal();
    StopOnSignal(const StopOnSignal&) = delete;
    StopOnSignal& operator=(const StopOnSignal&) = delete;

private:
    struct sigaction m_old_interrupt {};
    struct sigaction m_old_terminate {};
};

/// For the life of the process: a closed pipe is an error of write() and no signal; no core file and no debugger of
/// another process gets at the tokens in memory.
void harden_process();

}  // namespace r8scan::cmd
