// A child process between files. See child.h.
#include "tests/support/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <thread>

#include "tests/support/temp_dir.h"

namespace r8scan::test {
namespace {

using Clock = std::chrono::steady_clock;

/// Redirections of a child, freed with the object.
class FileActions {
public:
    FileActions() { posix_spawn_file_actions_init(&m_actions); }
    ~FileActions() { posix_spawn_file_actions_destroy(&m_actions); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;

    void open(int fd, const std::filesystem::path& file, int flags)
    {
        posix_spawn_file_actions_addopen(&m_actions, fd, file.c_str(), flags, 0600);
    }
    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &m_actions; }

private:
    posix_spawn_file_actions_t m_actions{};
};

std::vector<char*> pointers(std::vector<std::string>& strings)
{
    std::vector<char*> out;
    for (std::string& string : strings) {
        out.push_back(string.data());
    }
    out.push_back(nullptr);
    return out;
}

constexpr auto never = Clock::time_point::max();

/// The status that wait4() gives; the child is killed at the deadline.
int wait_for(pid_t child, Clock::time_point deadline, bool& timed_out, rusage& usage)
{
    int status = 0;
    while (!timed_out) {
        const pid_t ended = wait4(child, &status, deadline == never ? 0 : WNOHANG, &usage);
        if (ended == child) {
            return status;
        }
        if (ended < 0 && errno != EINTR) {
            throw std::runtime_error("cannot wait for a child process");
        }
        timed_out = Clock::now() >= deadline;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    kill(child, SIGKILL);
    wait4(child, &status, 0, &usage);
    return status;
}

double seconds(const timeval& time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

CommandResult run_child(ChildCommand command)
{
    const TempDir scratch;
    write_file(scratch / "in", command.input);
    FileActions actions;
    actions.open(0, scratch / "in", O_RDONLY);
    actions.open(1, scratch / "out", O_WRONLY | O_CREAT);
    actions.open(2, scratch / "err", O_WRONLY | O_CREAT);

    const auto start = Clock::now();
    const auto deadline = command.patience.count() == 0 ? never : start + command.patience;
    pid_t child = 0;
    const auto program = command.arguments.at(0);
    if (const int error = posix_spawnp(&child, program.c_str(), actions.get(), nullptr,
                                       pointers(command.arguments).data(), pointers(command.environment).data());
        error != 0) {
        throw std::runtime_error(fmt::format("cannot run {}: {}", program, std::strerror(error)));
    }
    CommandResult result;
    rusage usage{};
    const int status = wait_for(child, deadline, result.timed_out, usage);
    result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    result.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.out = read_file(scratch / "out");
    result.err = read_file(scratch / "err");
    return result;
}

}  // namespace r8scan::test
