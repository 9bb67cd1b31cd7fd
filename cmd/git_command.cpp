#include "cmd/git_command.h"

#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/scan_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace r8scan::cmd {

bool looks_like_address(std::string_view text)
{
    if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) {
        return scheme > 0 && text.find('/') > scheme;
    }
    // As git decides it: a colon before the first slash. Without a user it might as well be a file's name.
    const std::size_t colon = text.find(':');
    const std::size_t at = text.find('@');
    return colon != std::string_view::npos && at != std::string_view::npos && at > 0 && at + 1 < colon &&
           text.find('/') > colon;
}

int run_git(const Plan& plan, const Terminal& terminal)
{
    const std::string& repository = plan.scan.repository.native();
    std::error_code ignored;
    if (looks_like_address(repository) && !std::filesystem::exists(plan.scan.repository, ignored)) {
        const std::string address = without_user(repository);
        say(fmt::format("\"{}\" is an address, and r8scan reads folders only. Clone it first:", address));
        say(fmt::format("    git clone --mirror {} repo.git && r8scan git repo.git", address));
        return exit_usage;
    }
    return run_scan(plan, terminal,
                    [&](Sink& sink, Control& control) { return scan_repository(plan.scan, sink, control); });
}

}  // namespace r8scan::cmd
