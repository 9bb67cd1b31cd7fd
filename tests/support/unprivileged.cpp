// A forked child that drops root and sends its answer through a pipe. See unprivileged.h.
#include "tests/support/unprivileged.h"

#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <system_error>

namespace r8scan::test {
namespace {

constexpr uid_t nobody = 65534;
constexpr int rights_not_dropped = 77;

/// In the child: never returns.
[[noreturn]] void answer(int pipe_end, const std::function<std::string()>& work)
{
    if (setgroups(0, nullptr) != 0 || setresgid(nobody, nobody, nobody) != 0 ||
        setresuid(nobody, nobody, nobody) != 0) {
        _exit(rights_not_dropped);
    }
    std::string text;
    try {
        text = work();
    } catch (const std::exception& error) {
        text = std::string("exception: ") + error.what();
    }
    for (std::size_t sent = 0; sent < text.size();) {
        const ssize_t count = write(pipe_end, text.data() + sent, text.size() - sent);
        if (count <= 0) {
            break;
        }
        sent += static_cast<std::size_t>(count);
    }
    _exit(0);
}

}  // namespace

std::optional<std::string> run_unprivileged(const std::function<std::string()>& work)
{
    if (geteuid() != 0) {
        return work();
    }
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe");
    }
    const pid_t child = fork();
    if (child < 0) {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
    if (child == 0) {
        close(ends[0]);
        answer(ends[1], work);
    }
    close(ends[1]);
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t count = 0; (count = read(ends[0], buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) {
        return "ended by signal " + std::to_string(WTERMSIG(status));
    }
    if (WEXITSTATUS(status) == rights_not_dropped) {
        return std::nullopt;
    }
    return text;
}

}  // namespace r8scan::test
