// git as a child process. See git_command.h.
#include "tests/support/git_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cstdlib>
#include <stdexcept>

#include "tests/support/temp_dir.h"

namespace r8scan::test {
namespace {

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

std::vector<std::string> environment(const std::filesystem::path& home)
{
    const char* path = std::getenv("PATH");
    return {fmt::format("PATH={}", path != nullptr ? path : "/usr/bin:/bin"),
            "HOME=" + home.string(),
            "LC_ALL=C",
            "TZ=UTC",
            "GIT_CONFIG_NOSYSTEM=1",
            "GIT_CONFIG_GLOBAL=/dev/null",
            "GIT_TERMINAL_PROMPT=0",
            "GIT_ALLOW_PROTOCOL=file",
            "GIT_AUTHOR_NAME=A U Thor",
            "GIT_AUTHOR_EMAIL=author@example.com",
            "GIT_AUTHOR_DATE=1700000000 +0000",
            "GIT_COMMITTER_NAME=A U Thor",
            "GIT_COMMITTER_EMAIL=author@example.com",
            "GIT_COMMITTER_DATE=1700000000 +0000"};
}

std::vector<char*> pointers(std::vector<std::string>& strings)
{
    std::vector<char*> out;
    for (std::string& string : strings) {
        out.push_back(string.data());
    }
    out.push_back(nullptr);
    return out;
}

}  // namespace

bool have_git()
{
    static const bool have = [] {
        try {
            return git(".", {"--version"}).exit_code == 0;
        } catch (const std::runtime_error&) {
            return false;
        }
    }();
    return have;
}

CommandResult git(const std::filesystem::path& dir, const std::vector<std::string>& arguments, std::string_view input)
{
    const TempDir scratch;
    write_file(scratch / "in", input);
    std::filesystem::create_directory(scratch / "home");

    std::vector<std::string> command = {"git", "-C", dir.string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = environment(scratch / "home");
    FileActions actions;
    actions.open(0, scratch / "in", O_RDONLY);
    actions.open(1, scratch / "out", O_WRONLY | O_CREAT);
    actions.open(2, scratch / "err", O_WRONLY | O_CREAT);

    pid_t child = 0;
    if (const int error =
            posix_spawnp(&child, "git", actions.get(), nullptr, pointers(command).data(), pointers(variables).data());
        error != 0) {
        throw std::runtime_error(fmt::format("cannot run git: error {}", error));
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child) {
        throw std::runtime_error("cannot wait for git");
    }
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_file(scratch / "out"),
            read_file(scratch / "err")};
}

std::string git_ok(const std::filesystem::path& dir, const std::vector<std::string>& arguments, std::string_view input)
{
    CommandResult result = git(dir, arguments, input);
    if (result.exit_code != 0) {
        throw std::runtime_error(fmt::format("git {} failed with {}: {}", arguments.empty() ? "" : arguments.front(),
                                             result.exit_code, result.err));
    }
    return std::move(result.out);
}

}  // namespace r8scan::test
