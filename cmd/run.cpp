#include "cmd/run.h"

#include <r8scan/scan.h>

#include "cmd/callback_command.h"
#include "cmd/ci_command.h"
#include "cmd/command_line.h"
#include "cmd/completion.h"
#include "cmd/config_command.h"
#include "cmd/dir_command.h"
#include "cmd/exit_code.h"
#include "cmd/explain_command.h"
#include "cmd/git_command.h"
#include "cmd/gitleaks_habits.h"
#include "cmd/help.h"
#include "cmd/hook_command.h"
#include "cmd/message.h"
#include "cmd/outbox_command.h"
#include "cmd/patterns_command.h"
#include "cmd/plan.h"
#include "cmd/plugin_host_command.h"
#include "cmd/print.h"
#include "cmd/range_commands.h"
#include "cmd/report_command.h"
#include "cmd/revoke_command.h"
#include "cmd/staged_command.h"
#include "cmd/stdin_command.h"
#include "cmd/terminal.h"
#include "cmd/typed_values.h"
#include "cmd/verify_command.h"
#include "cmd/user_configuration.h"

namespace r8scan::cmd {
namespace {

int wrong_usage(const Error& error)
{
    say(error.message());
    return exit_usage;
}

/// What was taken for what, of the words that came from gitleaks.
void say_translation(const Translated& translated, const TypedOptions& typed)
{
    const auto is_on = [&](std::string_view name) {
        const Result<bool> value = flag(typed, name);
        return value && *value;
    };
    if (is_on("quiet")) {
        return;
    }
    for (const std::string& warning : translated.warnings) {
        say(warning);
    }
    if (is_on("verbose")) {
        for (const std::string& note : translated.notes) {
            say(note);
        }
    }
}

/// Where compiled rules are kept between runs: $XDG_CACHE_HOME/r8scan or ~/.cache/r8scan; nowhere without a home.
std::filesystem::path cache_folder(const Environment& environment)
{
    if (const char* const cache = environment("XDG_CACHE_HOME"); cache != nullptr && cache[0] == '/') {
        return std::filesystem::path(cache) / "r8scan";
    }
    const char* const home = environment("HOME");
    return home != nullptr && home[0] == '/' ? std::filesystem::path(home) / ".cache" / "r8scan"
                                             : std::filesystem::path();
}

/// What reports need to know beyond the options.
template <typename AnyPlan>
void complete_report_plan(AnyPlan& plan, const Environment& environment)
{
    if constexpr (requires { plan.scan.repository; }) {
        plan.tree = plan.scan.repository;
    }
    if (const char* const page = environment("GITHUB_STEP_SUMMARY")) {
        plan.step_summary = page;
    }
}

}  // namespace

int run(const std::vector<std::string>& words, const Environment& environment)
{
    if (is_plugin_host(words)) {
        return run_plugin_host(words);
    }
    const auto print_version = [] { return print(std::string("r8scan ") + version() + '\n'); };
    if (words.size() == 1 && words.front() == "--version") {
        return print_version();  // without making the table of options first, which takes longer than all else
    }
    const Result<Translated> translated = translate_gitleaks(words);
    if (!translated) {
        return wrong_usage(translated.error());
    }
    Result<TypedOptions> typed = parse_command_line(translated->words);
    if (!typed) {
        return wrong_usage(typed.error());
    }
    if (typed->last("help") != nullptr) {
        return print(help_text(typed->command));
    }
    if (typed->last("version") != nullptr) {
        return print_version();
    }
    if (typed->command.empty()) {
        say_block(help_text());
        say("a command is missing: r8scan git scans the repository you are in");
        return exit_usage;
    }
    add_environment(*typed, environment);
    if (const Result<void> added = add_user_file(*typed, environment); !added) {
        return wrong_usage(added.error());
    }
    say_translation(*translated, *typed);
    const Terminal terminal = look_at_terminal(environment);
    if (typed->command == "config") {
        return run_config(*typed, environment);
    }
    if (typed->command == "patterns") {
        return run_patterns(*typed, cache_folder(environment));
    }
    if (typed->command == "verify") {
        return run_verify(*typed, environment);
    }
    if (typed->command == "revoke") {
        return run_revoke(*typed, terminal, environment);
    }
    if (typed->command == "callback") {
        return run_callback(*typed, environment);
    }
    if (typed->command == "hook") {
        return run_hook(*typed, environment);
    }
    if (typed->command == "completion") {
        return run_completion(*typed);
    }
    if (typed->command == "outbox") {
        return run_outbox(*typed, environment);
    }
    const auto run_plan = [&](auto plan, auto run_it) {
        if (!plan) {
            return wrong_usage(plan.error());
        }
        plan->scan.cache_dir = cache_folder(environment);
        plan->actions.environment = environment;
        if constexpr (requires { plan->scan.repository; }) {
            // What a hook reads may be gone when it ends, and so is the clone of an address.
            std::error_code ignored;
            if (typed->command == "git" && std::filesystem::exists(plan->scan.repository, ignored)) {
                plan->actions.repository = std::filesystem::absolute(plan->scan.repository, ignored).lexically_normal();
            }
        }
        complete_report_plan(*plan, environment);
        return run_it(*plan, terminal);
    };
    if (typed->command == "ci") {
        return run_plan(plan_ci(*typed),
                        [&](RangePlan& plan, const Terminal& at) { return run_ci(plan, *typed, at, environment); });
    }
    if (typed->command == "explain") {
        return run_plan(plan_explain(*typed), run_explain);
    }
    if (typed->command == "dir") {
        return run_plan(plan_dir(*typed), run_dir);
    }
    if (typed->command == "report") {
        return run_plan(plan_report(*typed), run_report);
    }
    if (typed->command == "stdin") {
        return run_plan(plan_stdin(*typed), run_stdin);
    }
    const auto with_environment = [&](int (*run_it)(RangePlan&, const Terminal&, const Environment&)) {
        return [&, run_it](RangePlan& plan, const Terminal& at) { return run_it(plan, at, environment); };
    };
    if (typed->command == "staged") {
        return run_plan(plan_staged(*typed),
                        [&](StagedPlan& plan, const Terminal& at) { return run_staged(plan, at, environment); });
    }
    if (typed->command == "message") {
        return run_plan(plan_message(*typed), run_message);
    }
    if (typed->command == "push") {
        return run_plan(plan_push(*typed), with_environment(run_push));
    }
    if (typed->command == "receive") {
        return run_plan(plan_receive(*typed), with_environment(run_receive));
    }
    if (typed->command == "git" && asks_for_range(*typed)) {
        return run_plan(plan_range(*typed), with_environment(run_range));
    }
    return run_plan(plan_git(*typed), run_git);
}

}  // namespace r8scan::cmd
