#include "cmd/help.h"

#include "cmd/option_table.h"

#include <fmt/format.h>

namespace r8scan::cmd {
namespace {

constexpr std::string_view opening = R"(r8scan finds leaked Replicate API tokens: in all of a git repository's history, in files, in streams.

Examples
  r8scan git                            scan the repository you are in
  r8scan git ~/src/app -f jsonl         one JSON record a line, for scripts
  r8scan git app.git -f text -f json=report.json
                                        text here, and the same scan as JSON in a file
  git clone --mirror URL app.git && r8scan git app.git
                                        scan a repository that is elsewhere
  r8scan dir build/ deploy.log          scan folders and files as they are now
  docker logs app 2>&1 | r8scan stdin   scan what another program prints
  r8scan git --verify                   and ask whether each token is live

Usage
  r8scan COMMAND [OPTIONS] [ARGUMENTS]

Commands
)";

constexpr std::string_view closing = R"(
In brackets: the only commands that an option applies to.
Each option has an environment variable: R8SCAN_JOBS for --jobs, and so on. Not so --show-secrets,
--on-finding, --revoke and --yes.
What is typed beats the environment.

Exit codes
  0  everything was read, nothing found       2  wrong usage: nothing was scanned
  1  everything was read, something found     3  the scan is incomplete, whatever was found
  4  complete, but a delivery is pending or failed
  130  interrupted; what was found so far is reported
)";

}  // namespace

std::string help_text()
{
    constexpr std::size_t column = 34;
    std::string text(opening);
    for (const CommandSpec& command : command_table()) {
        text += fmt::format("  {:<{}}{}\n", fmt::format("{} {}", command.name, command.arguments), column - 2,
                            command.help);
    }
    std::string_view group;
    for (const OptionSpec& option : option_table()) {
        if (option.group != group) {
            group = option.group;
            text += fmt::format("\n{}\n", group);
        }
        const std::string letter = option.letter != 0 ? fmt::format("-{}, ", option.letter) : "    ";
        const std::string value = option.value_name.empty() ? "" : fmt::format(" {}", option.value_name);
        std::string names = fmt::format("  {}--{}{}", letter, option.name, value);
        std::string remark(option.help);
        if (!option.commands.empty()) {
            remark += fmt::format(" [{}]", option.commands);
        }
        std::string_view help = remark;
        while (!help.empty()) {
            const std::size_t end = std::min(help.find('\n'), help.size());
            text += fmt::format("{:<{}}{}\n", names, column, help.substr(0, end));
            help.remove_prefix(std::min(end + 1, help.size()));
            names.clear();
        }
    }
    text += closing;
    return text;
}

}  // namespace r8scan::cmd
