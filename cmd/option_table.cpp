#include "cmd/option_table.h"

#include <algorithm>
#include <array>

namespace r8scan::cmd {
namespace {

constexpr std::string_view report = "What is reported";
constexpr std::string_view reading = "What is read, and how";
constexpr std::string_view doing = "What is done about it";
constexpr std::string_view talk = "What else is said";

// Commands that an option applies to.
constexpr std::string_view scans = "git ci staged message push receive dir stdin";
constexpr std::string_view scans_but_hooks = "git dir stdin";
constexpr std::string_view scans_and_revoke = "git ci staged message push receive dir stdin revoke";
constexpr std::string_view with_callbacks = "git ci staged message push receive dir stdin revoke callback outbox";
constexpr std::string_view asking = "git ci staged message push receive dir stdin verify revoke callback outbox";
constexpr std::string_view with_outbox = "git ci staged message push receive dir stdin revoke outbox";

constexpr auto options = std::to_array<OptionSpec>({
    {"format", 'f', Arity::list, "FORMAT[=FILE]", true, report,
     "text (default), json, jsonl, sarif, gitlab, github, junit, csv, gitleaks, html or replace-text\nrepeat it as -f FORMAT=FILE for several reports of one scan"},
    {"output", 'o', Arity::value, "FILE", true, report, "write the report to FILE instead of standard output"},
    {"min-confidence", 0, Arity::value, "LEVEL", true, report,
     "report low, medium or high and above (default: medium)"},
    {"show-placeholders", 0, Arity::flag, "", true, report, "list made-up tokens such as r8_xxxx too"},
    {"show-secrets", 0, Arity::flag, "", false, report, "write tokens in the clear; never read from the environment"},
    {"baseline-path", 'b', Arity::list, "FILE", true, report,
     "leave out what this earlier report has: ours as json, jsonl or\nsarif, or gitleaks' json; repeatable"},
    {"update-baseline", 0, Arity::value, "FILE", true, report,
     "put what the reports found into this baseline, and take out what\nno longer stands", "report"},
    {"no-repo-config", 0, Arity::flag, "", true, report,
     "let nothing in the repository suppress a finding: no ignore\nfile, no .r8scan.toml, no inline mark"},
    {"exit-zero", 0, Arity::flag, "", true, report, "exit with 0 instead of 1 when something was found"},

    {"jobs", 'j', Arity::value, "N", true, reading, "threads (default: 0, one for each processor)", "git ci dir push receive explain"},
    {"patterns", 0, Arity::list, "FILE|DIR", true, reading, "more rules beside the built-in ones; repeatable"},
    {"config", 'c', Arity::value, "FILE", true, reading,
     "your configuration (default: ~/.config/r8scan/config.toml);\na .gitleaks.toml is taken as patterns"},
    {"range", 0, Arity::list, "A..B", true, reading,
     "only what the commits bring that B reaches and A does not; repeatable", "git ci"},
    {"since-commit", 0, Arity::value, "COMMIT", true, reading, "the same as --range COMMIT..HEAD", "git"},
    {"branch", 0, Arity::list, "NAME", true, reading, "report only what this branch reaches; repeatable", "git"},
    {"no-unreachable", 0, Arity::flag, "", true, reading, "report only what some ref reaches", "git"},
    {"worktree", 0, Arity::flag, "", true, reading,
     "read the files of the working tree too, untracked and ignored ones", "git"},
    {"no-attribution", 0, Arity::flag, "", true, reading, "do not work out who introduced and who removed a token", "git"},
    {"no-delta-rule", 0, Arity::flag, "", true, reading, "scan every object whole: slower, same findings", "git"},
    {"verify-objects", 0, Arity::flag, "", true, reading, "hash every object and check every tree entry", "git"},
    {"allow-outside", 0, Arity::flag, "", true, reading, "follow what the repository names outside itself",
     "git ci staged push receive explain"},
    {"max-object-size", 0, Arity::value, "SIZE", true, reading,
     "bytes held in memory for one object or file: 256M, 1G … (default: 256M)"},
    {"respect-ignore", 0, Arity::flag, "", true, reading, "leave out files that git ignores and does not track", "dir"},

    {"stage", 0, Arity::list, "STAGE", true, reading,
     "pre-commit, commit-msg, pre-push or pre-receive; repeatable\n(default: pre-commit to install, else all)", "hook"},

    {"verify", 0, Arity::flag, "", true, doing, "ask the API of Replicate whether each token is live", scans_and_revoke},
    {"on-finding", 0, Arity::list, "SPEC", false, doing,
     "tell exec:PROGRAM or https://… of each token; repeatable\nrevoke=SPEC sends it the token to be revoked, verify=SPEC to be verified",
     with_callbacks},
    {"revoke", 0, Arity::flag, "", false, doing, "do send tokens to be revoked; without it, it is only said what would be sent",
     scans_but_hooks},
    {"yes", 0, Arity::flag, "", false, doing, "do not ask before revoking", "git dir stdin revoke"},
    {"dry-run", 0, Arity::flag, "", true, doing, "say what would be sent to callbacks, and send nothing", scans_and_revoke},
    {"fail-on", 0, Arity::value, "WHAT", true, doing,
     "any, or active: tokens known to be inactive do not make exit code 1\n(default: any)", scans},
    {"api-base", 0, Arity::value, "URL", true, doing,
     "another address of the API (default: REPLICATE_BASE_URL, else\nhttps://api.replicate.com/v1)", asking},
    {"deliver-timeout", 0, Arity::value, "S", true, doing, "seconds for deliveries, retries among them, and for the question about a token\n(default: 30)",
     asking},
    {"outbox", 0, Arity::value, "FILE", true, doing,
     "what is to be sent (default: $XDG_STATE_HOME/r8scan/outbox.db)", with_outbox},
    {"allow-plain-http", 0, Arity::flag, "", true, doing, "send without encryption to other machines too", asking},
    {"token-file", 0, Arity::value, "FILE", true, doing, "read tokens from FILE instead of standard input", "verify revoke"},

    {"quiet", 'q', Arity::flag, "", true, talk, "findings and what went wrong, nothing else"},
    {"verbose", 'v', Arity::flag, "", true, talk, "every place and example, notes, progress without a terminal"},
    {"color", 0, Arity::value, "WHEN", true, talk, "auto, always or never (default: auto; NO_COLOR is heeded)"},
    {"stats", 0, Arity::flag, "", true, talk, "where the time went, on standard error"},
    {"version", 0, Arity::flag, "", false, talk, "the version, and exit"},
    {"help", 'h', Arity::flag, "", false, talk, "this, and exit"},
});

constexpr auto commands = std::to_array<CommandSpec>({
    {"git", "[REPO|URL]", "scan every object of a repository, all of its history (default: here)"},
    {"staged", "", "scan what `git commit` would record (pre-commit)"},
    {"message", "FILE", "scan a commit message (commit-msg)"},
    {"push", "[REMOTE [URL]]", "scan what a push would send; reads the lines of a pre-push hook"},
    {"receive", "", "scan what a push brought; reads the lines of a pre-receive hook"},
    {"ci", "", "scan what this pipeline's change brings; finds the change in the CI's environment"},
    {"dir", "PATH...", "scan files, and folders with all that is below them"},
    {"stdin", "", "scan standard input"},
    {"verify", "", "ask the API whether tokens are live: read from standard input, one a line"},
    {"revoke", "", "send tokens to the callbacks that revoke: read from standard input, one a line"},
    {"callback", "list|test NAME", "show callbacks; send one a made-up token"},
    {"config", "show", "print every setting and where it came from"},
    {"report", "FILE...", "turn JSON or JSON Lines reports into another format, several into one"},
    {"explain", "FINGERPRINT [REPO|URL]", "show every place, the history and the reasons of one finding"},
    {"hook", "install|uninstall|status [REPO]", "put a hook that runs r8scan into a repository, or take it out"},
    {"outbox", "list|deliver|retry ID|drop ID", "what is to be sent: show it, send it now, send or give up one event"},
    {"patterns", "list|check [FILE...]", "show rules and how each is matched; run their samples"},
    {"completion", "bash|zsh|fish", "print a script that completes words of r8scan"},
});

}  // namespace

std::span<const OptionSpec> option_table()
{
    return options;
}

bool applies_to(const OptionSpec& option, std::string_view command)
{
    // `config show` shows them all.
    if (option.commands.empty() || command == "config") {
        return true;
    }
    for (std::string_view rest = option.commands; !rest.empty();) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        if (word == command) {
            return true;
        }
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    }
    return false;
}

std::string environment_name(const OptionSpec& option)
{
    std::string name = "R8SCAN_";
    for (const char c : option.name) {
        const bool lower = c >= 'a' && c <= 'z';
        name += lower ? static_cast<char>(c - 'a' + 'A') : '_';
    }
    return name;
}

std::span<const CommandSpec> command_table()
{
    return commands;
}

}  // namespace r8scan::cmd
