// The options of gitleaks 8, and what becomes of each. Those that it shares with r8scan by name and meaning are not here:
// --config, --baseline-path, --verbose, and -f for a format.
#pragma once

#include <array>
#include <string_view>

namespace r8scan::cmd {

enum class Takes { nothing, value, value_if_joined };

/// What becomes of an option of gitleaks.
enum class Becomes {
    ours,       // `words` is the option of ours, which takes the value
    nothing,    // no effect; `words` say why, for -v
    refused,    // `words` say what to do here
    own_way,    // a case of its own below
};

struct Habit {
    std::string_view name;
    char letter;
    Takes takes;
    Becomes becomes;
    std::string_view words;
};

inline constexpr auto gitleaks_habits = std::to_array<Habit>({
    {"report-path", 'r', Takes::value, Becomes::ours, "--output"},
    {"report-format", 0, Takes::value, Becomes::own_way, ""},
    {"no-color", 0, Takes::nothing, Becomes::ours, "--color=never"},
    {"exit-code", 0, Takes::value, Becomes::own_way, ""},
    {"log-opts", 0, Takes::value, Becomes::own_way, ""},
    {"staged", 0, Takes::nothing, Becomes::own_way, ""},
    {"pre-commit", 0, Takes::nothing, Becomes::own_way, ""},
    {"source", 's', Takes::value, Becomes::own_way, ""},
    {"gitleaks-ignore-path", 'i', Takes::value, Becomes::own_way, ""},
    {"redact", 0, Takes::value_if_joined, Becomes::own_way, ""},

    {"no-banner", 0, Takes::nothing, Becomes::nothing, "there is no banner"},
    {"log-level", 'l', Takes::value, Becomes::nothing, "-q says less, -v more"},
    {"platform", 0, Takes::value, Becomes::nothing, "links are made for the host that the remote names"},
    {"max-target-megabytes", 0, Takes::value, Becomes::nothing,
     "files of every size are read; --max-object-size bounds the memory for one"},
    {"max-decode-depth", 0, Takes::value, Becomes::nothing, "eight layers are always read"},
    {"max-archive-depth", 0, Takes::value, Becomes::nothing, "eight layers are always read"},

    {"follow-symlinks", 0, Takes::nothing, Becomes::refused,
     "links are not followed: name what they lead to as well, r8scan dir PATH TARGET"},
    {"enable-rule", 0, Takes::value, Becomes::refused,
     "rules are not chosen one by one: --patterns FILE adds rules, and disabledRules in its [extend] takes some away"},
    {"ignore-gitleaks-allow", 0, Takes::nothing, Becomes::refused,
     "--no-repo-config lets nothing in the repository suppress a finding: no inline mark, no ignore file"},
    {"report-template", 0, Takes::value, Becomes::refused,
     "there are no templates: -f csv and -f jsonl are easily turned into anything"},
    {"timeout", 0, Takes::value, Becomes::refused,
     "`timeout -s INT SECONDS r8scan git` ends a scan, which then reports what it found"},
    {"diagnostics", 0, Takes::value, Becomes::refused, "--stats says where the time went"},
    {"diagnostics-dir", 0, Takes::value, Becomes::refused, "--stats says where the time went, on standard error"},
    {"no-git", 0, Takes::nothing, Becomes::refused, "r8scan dir PATH reads files and folders as they are"},
    {"pipe", 0, Takes::nothing, Becomes::refused, "r8scan stdin reads standard input"},
});

}  // namespace r8scan::cmd
