#include "util/child_process.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <system_error>
#include <thread>

namespace r8scan {
namespace {

constexpr int first_free = 3;  // behind input, output and error

struct Pipe {
    UniqueFd read;
    UniqueFd write;
};

/// Both ends close in whatever is started, and stay clear of the three standard descriptors.
Result<Pipe> make_pipe()
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return Error(ErrorCode::io, "no pipe can be made: " + std::generic_category().message(errno));
    }
    Pipe pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
    for (UniqueFd* const end : {&pipe.read, &pipe.write}) {
        if (end->get() < first_free) {
            *end = UniqueFd(::fcntl(end->get(), F_DUPFD_CLOEXEC, first_free));
        }
        if (end->get() < 0) {
            return Error(ErrorCode::io, "no pipe can be made: " + std::generic_category().message(errno));
        }
    }
    return pipe;
}

void close_from(int first)
{
#ifdef SYS_close_range
    if (::syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0U) == 0) {
        return;
    }
#endif
    const long most = std::clamp<long>(::sysconf(_SC_OPEN_MAX), 256, 65536);
    for (int fd = first; fd < most; ++fd) {
        ::close(fd);
    }
}

/// In the child, between fork and exec, where only what is safe in a signal handler may be called: nothing allocates.
[[noreturn]] void become(const char* program, char* const* arguments, char* const* environment, int in, int out,
                         int error, int report)
{
    ::setpgid(0, 0);
    // Signals as a program expects them at its start.
    for (int number = 1; number < NSIG; ++number) {
        ::signal(number, SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (::dup2(in, STDIN_FILENO) >= 0 && ::dup2(out, STDOUT_FILENO) >= 0 && ::dup2(error, STDERR_FILENO) >= 0 &&
        ::dup2(report, first_free) >= 0 && ::fcntl(first_free, F_SETFD, FD_CLOEXEC) == 0) {
        close_from(first_free + 1);
        ::execve(program, arguments, environment);
        report = first_free;
    }
    const int why = errno;
    (void)!::write(report, &why, sizeof why);
    ::_exit(127);
}

/// The path of a program that is named without one.
std::string find_program(const std::string& name, const std::vector<std::string>& environment)
{
    if (name.find('/') != std::string::npos) {
        return name;
    }
    for (const std::string& variable : environment) {
        if (!variable.starts_with("PATH=")) {
            continue;
        }
        for (std::size_t begin = 5; begin < variable.size();) {
            const std::size_t end = std::min(variable.find(':', begin), variable.size());
            const std::string path = variable.substr(begin, end - begin) + '/' + name;
            // A folder that depends on where we stand is no place to take programs from.
            if (path.front() == '/' && ::access(path.c_str(), X_OK) == 0) {
                return path;
            }
            begin = end + 1;
        }
    }
    return name;
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    for (const std::string& text : texts) {
        pointers.push_back(const_cast<char*>(text.c_str()));  // execve does not change them
    }
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const ChildOptions& options)
{
    if (options.arguments.empty() || options.arguments.front().empty()) {
        return Error(ErrorCode::usage, "no program is named");
    }
    auto in = make_pipe();
    auto out = make_pipe();
    auto error = make_pipe();
    auto report = make_pipe();
    for (const auto* const pipe : {&in, &out, &error, &report}) {
        if (!*pipe) {
            return pipe->error();
        }
    }
    const std::string program = find_program(options.arguments.front(), options.environment);
    const std::vector<char*> arguments = pointers_to(options.arguments);
    const std::vector<char*> environment = pointers_to(options.environment);

    // No signal handler of ours may run in the child.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = ::fork();
    if (pid == 0) {
        become(program.c_str(), arguments.data(), environment.data(), in->read.get(), out->write.get(),
               error->write.get(), report->write.get());
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (pid < 0) {
        return Error(ErrorCode::io, "no process can be made: " + std::generic_category().message(errno));
    }
    ::setpgid(pid, pid);  // whoever comes first
    ChildProcess child;
    child.m_pid = pid;
    child.m_input = std::move(in->write);
    child.m_output = std::move(out->read);
    child.m_error = std::move(error->read);
    report->write = UniqueFd();
    int why = 0;
    ssize_t count = 0;
    do {
        count = ::read(report->read.get(), &why, sizeof why);
    } while (count < 0 && errno == EINTR);
    if (count == static_cast<ssize_t>(sizeof why)) {
        return system_error(options.arguments.front(), why).within("start");
    }
    for (const int fd : {child.input(), child.output(), child.error()}) {
        (void)::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    }
    return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : m_pid(std::exchange(other.m_pid, -1)),
      m_input(std::move(other.m_input)),
      m_output(std::move(other.m_output)),
      m_error(std::move(other.m_error))
{
}

ChildProcess::~ChildProcess()
{
    kill_group();
}

std::optional<std::string> ChildProcess::ended() const
{
    siginfo_t info{};
    // It is not reaped yet: as long as it is not, nobody else can have its number or that of its group.
    if (m_pid < 0 || ::waitid(P_PID, static_cast<id_t>(m_pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0) {
        return m_pid < 0 ? std::optional<std::string>("has ended") : std::nullopt;
    }
    return info.si_code == CLD_EXITED ? "ended with status " + std::to_string(info.si_status)
                                      : "was ended by signal " + std::to_string(info.si_status);
}

void ChildProcess::end(std::chrono::milliseconds grace)
{
    close_input();
    constexpr std::chrono::milliseconds pause{5};
    for (auto left = grace; left > left.zero() && !ended(); left -= pause) {
        std::this_thread::sleep_for(pause);
    }
    kill_group();
}

void ChildProcess::kill_group()
{
    if (m_pid < 0) {
        return;
    }
    ::kill(-m_pid, SIGKILL);
    ::kill(m_pid, SIGKILL);  // where its group was not made yet
    while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    m_pid = -1;
}

ssize_t write_to_pipe(int descriptor, const char* bytes, std::size_t size)
{
    sigset_t pipe;
    sigset_t before;
    sigset_t pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    const bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &pipe, &before);
    const ssize_t count = ::write(descriptor, bytes, size);
    const int why = errno;
    if (count < 0 && why == EPIPE && !was_pending) {
        const timespec now{};
        while (::sigtimedwait(&pipe, nullptr, &now) < 0 && errno == EINTR) {
        }
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = why;
    return count;
}

}  // namespace r8scan
