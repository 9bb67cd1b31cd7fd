#include "cmd/plan.h"

#include "cmd/plan_common.h"
#include "cmd/typed_values.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace r8scan::cmd {
namespace {

Result<void> read_repository(const TypedOptions& typed, std::filesystem::path& repository)
{
    if (typed.arguments.size() > 1) {
        return Error(ErrorCode::usage,
                     fmt::format("unexpected argument \"{}\": git takes one repository", typed.arguments[1]));
    }
    if (!typed.arguments.empty()) {
        if (typed.arguments.front().empty()) {
            return Error(ErrorCode::usage, "the repository's path is empty: give a folder, or nothing for this one");
        }
        repository = typed.arguments.front();
    }
    return {};
}

Result<void> refuse_arguments(const TypedOptions& typed, std::size_t most)
{
    if (typed.arguments.size() > most) {
        return Error(ErrorCode::usage,
                     fmt::format("unexpected argument \"{}\" after {}", typed.arguments[most], typed.command));
    }
    return {};
}

/// What a command without options of its own has: the common ones, and --allow-outside.
template <typename AnyPlan>
Result<AnyPlan> plan_hook(const TypedOptions& typed, std::size_t most_arguments)
{
    AnyPlan plan;
    for (const Result<void>& done : {refuse_arguments(typed, most_arguments), read_common(typed, plan.scan, plan),
                                     read_flags(typed, {{"allow-outside", &plan.scan.allow_outside}})}) {
        if (!done) {
            return done.error();
        }
    }
    return plan;
}

}  // namespace

bool asks_for_range(const TypedOptions& typed)
{
    return typed.last("range") != nullptr || typed.last("since-commit") != nullptr;
}

Result<RangePlan> plan_range(const TypedOptions& typed)
{
    RangePlan plan;
    for (const std::string_view name : {"branch", "no-unreachable", "worktree", "no-attribution", "verify-objects"}) {
        const TypedValue* const value = typed.last(name);
        const Result<bool> is_set = name == "branch" ? Result<bool>(value != nullptr) : flag(typed, name);
        if (!is_set) {
            return is_set.error();
        }
        if (*is_set) {
            return Error(ErrorCode::usage,
                         fmt::format("{} says nothing about a range: leave one of the two out", value->origin));
        }
    }
    for (const Result<void>& done : {read_repository(typed, plan.scan.repository), read_common(typed, plan.scan, plan),
                                     read_flags(typed, {{"allow-outside", &plan.scan.allow_outside}})}) {
        if (!done) {
            return done.error();
        }
    }
    plan.scan.ranges = texts_of(typed, "range");
    if (const TypedValue* const since = typed.last("since-commit")) {
        plan.scan.ranges.push_back(since->text + "..HEAD");
    }
    return plan;
}

Result<RangePlan> plan_push(const TypedOptions& typed)
{
    Result<RangePlan> plan = plan_hook<RangePlan>(typed, 2);
    if (plan) {
        plan->remote = typed.arguments.empty() ? "" : typed.arguments.front();
        plan->occasion = report::Occasion::push;
    }
    return plan;
}

Result<RangePlan> plan_receive(const TypedOptions& typed)
{
    Result<RangePlan> plan = plan_hook<RangePlan>(typed, 0);
    if (plan) {
        plan->occasion = report::Occasion::receive;
    }
    return plan;
}

Result<StagedPlan> plan_staged(const TypedOptions& typed)
{
    Result<StagedPlan> plan = plan_hook<StagedPlan>(typed, 0);
    if (plan) {
        plan->occasion = report::Occasion::commit;
    }
    return plan;
}

Result<MessagePlan> plan_message(const TypedOptions& typed)
{
    MessagePlan plan;
    if (typed.arguments.size() != 1 || typed.arguments.front().empty()) {
        return Error(ErrorCode::usage, "message takes one file: the one that git hands to a commit-msg hook");
    }
    if (const Result<void> read = read_common(typed, plan.scan, plan); !read) {
        return read.error();
    }
    plan.file = typed.arguments.front();
    plan.occasion = report::Occasion::message;
    plan.scan.kind = "commit";
    plan.scan.path = plan.file;
    return plan;
}

Result<Plan> plan_git(const TypedOptions& typed)
{
    Plan plan;
    if (const Result<void> read = read_repository(typed, plan.scan.repository); !read) {
        return read.error();
    }
    bool no_attribution = false;
    bool no_delta_rule = false;
    for (const Result<void>& done : {read_common(typed, plan.scan, plan),
                                     read_flags(typed, {{"no-attribution", &no_attribution},
                                                        {"no-delta-rule", &no_delta_rule},
                                                        {"verify-objects", &plan.scan.verify_objects},
                                                        {"no-unreachable", &plan.scan.no_unreachable},
                                                        {"worktree", &plan.scan.worktree},
                                                        {"allow-outside", &plan.scan.allow_outside}})}) {
        if (!done) {
            return done.error();
        }
    }
    plan.scan.branches = texts_of(typed, "branch");
    if (no_attribution && (plan.scan.no_unreachable || !plan.scan.branches.empty())) {
        return Error(ErrorCode::usage, "what a branch reaches is only known with attribution: leave out --no-attribution");
    }
    plan.scan.attribution = !no_attribution;
    plan.scan.delta_rule = !no_delta_rule;
    return plan;
}

Result<ExplainPlan> plan_explain(const TypedOptions& typed)
{
    if (typed.arguments.empty() || typed.arguments.front().empty()) {
        return Error(ErrorCode::usage, "explain needs the fingerprint of a finding: `r8scan git -v` shows them");
    }
    TypedOptions rest = typed;
    rest.arguments.erase(rest.arguments.begin());
    Result<Plan> scan = plan_git(rest);
    if (!scan) {
        return scan.error();
    }
    ExplainPlan plan;
    static_cast<Plan&>(plan) = std::move(*scan);
    plan.fingerprint = typed.arguments.front();
    plan.actions = ActionPlan();  // whoever asks for an explanation sends nothing
    plan.verbose = !plan.quiet;
    plan.reasons = true;
    // Whatever some other run reported can be explained, and that it is found is what was asked for.
    plan.scan.min_confidence = Confidence::low;
    plan.scan.show_placeholders = true;
    plan.scan.exit_zero = true;
    return plan;
}

Result<RangePlan> plan_ci(const TypedOptions& typed)
{
    Result<RangePlan> plan = plan_hook<RangePlan>(typed, 0);
    if (plan) {
        plan->scan.ranges = texts_of(typed, "range");
        plan->occasion = report::Occasion::pipeline;
    }
    return plan;
}

Result<DirPlan> plan_dir(const TypedOptions& typed)
{
    DirPlan plan;
    if (typed.arguments.empty()) {
        return Error(ErrorCode::usage, "dir needs files or folders: r8scan dir . scans the folder you are in");
    }
    for (const std::string& path : typed.arguments) {
        if (path.empty()) {
            return Error(ErrorCode::usage, "a path is empty: name a file or a folder");
        }
        plan.scan.paths.emplace_back(path);
    }
    for (const Result<void>& done : {read_common(typed, plan.scan, plan),
                                     read_flags(typed, {{"respect-ignore", &plan.scan.respect_ignore}})}) {
        if (!done) {
            return done.error();
        }
    }
    return plan;
}

Result<StdinPlan> plan_stdin(const TypedOptions& typed)
{
    StdinPlan plan;
    if (!typed.arguments.empty()) {
        return Error(ErrorCode::usage, fmt::format("unexpected argument \"{0}\": stdin reads standard input alone, and "
                                                   "r8scan dir {0} a file or a folder",
                                                   typed.arguments.front()));
    }
    if (const Result<void> read = read_common(typed, plan.scan, plan); !read) {
        return read.error();
    }
    return plan;
}

Result<ReportFilesPlan> plan_report(const TypedOptions& typed)
{
    ReportFilesPlan plan;
    plan.scan.min_confidence = Confidence::low;  // all that stands there, unless asked otherwise
    if (typed.arguments.empty()) {
        return Error(ErrorCode::usage,
                     "report needs files that -f jsonl or -f json wrote: r8scan report scan.jsonl -f html");
    }
    for (const std::string_view name : {"patterns", "max-object-size", "stats"}) {
        if (const TypedValue* const value = typed.last(name); value != nullptr && value->origin.starts_with("--")) {
            return Error(ErrorCode::usage,
                         fmt::format("{} says nothing about a report that is there already", value->origin));
        }
    }
    if (const Result<void> read = read_common(typed, plan.scan, plan); !read) {
        return read.error();
    }
    plan.files = typed.arguments;
    if (const TypedValue* const file = typed.last("update-baseline")) {
        if (file->text.empty()) {
            return wrong_value(*file, "names no file");
        }
        plan.update_baseline = file->text;
        const auto is_typed = [&](std::string_view name) {
            const TypedValue* const value = typed.last(name);
            return value != nullptr && value->origin.starts_with("--");
        };
        plan.writes_report = is_typed("format") || is_typed("output");
    }
    return plan;
}

}  // namespace r8scan::cmd
