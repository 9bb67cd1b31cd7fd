#include "cmd/signals.h"

#include "cmd/exit_code.h"

#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <atomic>

namespace r8scan::cmd {
namespace {

// A signal handler takes no argument of ours, so what it works on has to be global. Lock-free atomics are the only
// thing that it touches.
std::atomic<Control*> g_control{nullptr};
static_assert(std::atomic<Control*>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

void on_signal(int)
{
    Control* const control = g_control.load();
    if (control == nullptr || control->stop.exchange(true)) {
        _exit(exit_interrupted);
    }
}

void install(int signal, struct sigaction& old)
{
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(signal, nullptr, &old);
    if (old.sa_handler != SIG_IGN) {
        sigaction(signal, &action, nullptr);
    }
}

}  // namespace

StopOnSignal::StopOnSignal(Control& control)
{
    g_control = &control;
    install(SIGINT, m_old_interrupt);
    install(SIGTERM, m_old_terminate);
}

StopOnSignal::~StopOnSignal()
{
    sigaction(SIGINT, &m_old_interrupt, nullptr);
    sigaction(SIGTERM, &m_old_terminate, nullptr);
    g_control = nullptr;
}

void harden_process()
{
    std::signal(SIGPIPE, SIG_IGN);
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    // The leak checker looks at its own process the way a debugger does.
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace r8scan::cmd
