// git as a child process. See git_command.h.
#include "tests/support/git_command.h"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>

#include "tests/support/temp_dir.h"

namespace r8scan::test {
namespace {

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

CommandResult git(const std::filesystem::path& dir, const std::vector<std::string>& arguments, std::string_view input,
                  std::chrono::seconds patience)
{
    const TempDir home;
    std::vector<std::string> command = {"git", "-C", dir.string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_child({std::move(command), environment(home.path()), input, patience});
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
