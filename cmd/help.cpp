#include "cmd/help.h"

#include "cmd/option_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

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
  r8scan hook install                   stop a commit that would bring a token
  r8scan ci                             in a pipeline: scan what its change brings

Usage
  r8scan COMMAND [OPTIONS] [ARGUMENTS]
  r8scan COMMAND -h                     examples and options of one command

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

struct Examples {
    std::string_view command;
    std::string_view lines;
};

constexpr auto examples = std::to_array<Examples>({
    {"git", R"(  r8scan git                            the repository you are in
  r8scan git ~/src/app -f jsonl         one JSON record a line, for scripts
  r8scan git --range main..feature      what these commits bring over their parents
  r8scan git --branch main -q || echo "look at it"
)"},
    {"staged", R"(  r8scan staged                         what `git commit` would record now
  r8scan hook install                   let git do it before every commit
)"},
    {"message", R"(  r8scan message .git/COMMIT_EDITMSG    the message that git has kept
  r8scan hook install --stage commit-msg
)"},
    {"push", R"(  r8scan hook install --stage pre-push  let git do it before every push
  r8scan push origin < lines            by hand: local-ref, id, remote-ref, id on a line
)"},
    {"receive", R"(  r8scan hook install --stage pre-receive /srv/git/app.git
                                        let a server do it with every push
)"},
    {"ci", R"(  r8scan ci                             in a pipeline: what its change brings
  r8scan ci -f text -f json=r8scan.json the same, with a file to keep
  r8scan ci --range origin/main..HEAD   where the CI is not known
)"},
    {"dir", R"(  r8scan dir build/ deploy.log          folders and files as they are now
  r8scan dir . --respect-ignore         without what git ignores
)"},
    {"stdin", R"(  docker logs app 2>&1 | r8scan stdin   what another program prints
  r8scan stdin < dump.sql
)"},
    {"explain", R"(  r8scan explain replicate-api-token:0123456789abcdef
  r8scan explain 0123456789abcdef ~/src/app -f json
)"},
    {"report", R"(  r8scan report scan.jsonl -f html -o report.html
  r8scan report a.jsonl b.jsonl -f csv  several as one
  r8scan report scan.jsonl --update-baseline base.json
                                        what it found is known from now on
)"},
    {"hook", R"(  r8scan hook install                   before every commit
  r8scan hook install --stage pre-push --stage commit-msg
  r8scan hook status                    what is there, and whether it would run
  r8scan hook uninstall                 all of it, and what was there before is back
)"},
    {"patterns", R"(  r8scan patterns list                  every rule and how it is matched
  r8scan patterns check mine.toml       run its samples
)"},
    {"completion", R"(  source <(r8scan completion bash)
  r8scan completion zsh > ~/.zfunc/_r8scan
  r8scan completion fish > ~/.config/fish/completions/r8scan.fish
)"},
});

constexpr std::size_t column = 34;

/// Names and meaning of the options that apply to a command, or of all; in brackets the commands of those that are for
/// some alone.
std::string list_of_options(std::string_view command)
{
    std::string text;
    std::string_view group;
    for (const OptionSpec& option : option_table()) {
        if (!command.empty() && !applies_to(option, command)) {
            continue;
        }
        if (option.group != group) {
            group = option.group;
            text += fmt::format("\n{}\n", group);
        }
        const std::string letter = option.letter != 0 ? fmt::format("-{}, ", option.letter) : "    ";
        const std::string value = option.value_name.empty() ? "" : fmt::format(" {}", option.value_name);
        std::string names = fmt::format("  {}--{}{}", letter, option.name, value);
        std::string remark(option.help);
        if (command.empty() && !option.commands.empty()) {
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
    return text;
}

std::string text_of_all()
{
    std::string text(opening);
    for (const CommandSpec& command : command_table()) {
        const std::string names = fmt::format("  {} {}", command.name, command.arguments);
        // Names that reach the column have their help on the next line.
        text += names.size() + 1 < column ? fmt::format("{:<{}}{}\n", names, column, command.help)
                                          : fmt::format("{}\n{:<{}}{}\n", names, "", column, command.help);
    }
    text += list_of_options("");
    text += closing;
    return text;
}

std::string text_of_command(std::string_view name)
{
    std::string text;
    for (const CommandSpec& command : command_table()) {
        if (command.name == name) {
            text = fmt::format("r8scan {}: {}\n", name, command.help);
            if (const std::string_view lines = examples_of(name); !lines.empty()) {
                text += fmt::format("\nExamples\n{}", lines);
            }
            text += fmt::format("\nUsage\n  r8scan {} [OPTIONS]{}{}\n", name, command.arguments.empty() ? "" : " ",
                                command.arguments);
        }
    }
    return text + list_of_options(name) + "\nr8scan -h lists all commands, and the exit codes.\n";
}

}  // namespace

std::string help_text(std::string_view command)
{
    return command.empty() ? text_of_all() : text_of_command(command);
}

std::string_view examples_of(std::string_view command)
{
    for (const Examples& one : examples) {
        if (one.command == command) {
            return one.lines;
        }
    }
    return {};
}

}  // namespace r8scan::cmd
