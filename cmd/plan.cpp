#include "cmd/plan.h"

#include "cmd/typed_values.h"
#include "util/suggest.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <utility>

namespace r8scan::cmd {
namespace {

Result<void> read_common_flags(const TypedOptions& typed, DetectionOptions& scan, ReportPlan& plan)
{
    if (Result<void> read = read_flags(typed, {{"show-placeholders", &scan.show_placeholders},
                                               {"show-secrets", &plan.show_secrets},
                                               {"exit-zero", &scan.exit_zero},
                                               {"quiet", &plan.quiet},
                                               {"verbose", &plan.verbose},
                                               {"stats", &plan.stats}});
        !read) {
        return read;
    }
    if (plan.quiet && plan.verbose) {
        return Error(ErrorCode::usage, "--quiet and --verbose exclude each other: give one of them");
    }
    return {};
}

/// What may stay.
Result<void> read_suppression(const TypedOptions& typed, DetectionOptions& scan)
{
    bool refused = false;
    if (Result<void> read = read_flags(typed, {{"no-repo-config", &refused}}); !read) {
        return read;
    }
    scan.suppression.by_repository = !refused;
    if (const auto baselines = typed.values.find("baseline-path"); baselines != typed.values.end()) {
        for (const TypedValue& value : baselines->second) {
            scan.suppression.baselines.emplace_back(value.text);
        }
    }
    scan.accepted = typed.accepted;
    return {};
}

Result<void> read_numbers(const TypedOptions& typed, DetectionOptions& scan)
{
    if (const TypedValue* const jobs = typed.last("jobs")) {
        constexpr unsigned most = 256;
        const char* const end = jobs->text.data() + jobs->text.size();
        const auto [stop, error] = std::from_chars(jobs->text.data(), end, scan.threads);
        if (error != std::errc() || stop != end || scan.threads > most) {
            return wrong_value(*jobs, fmt::format("is no number of threads: give 0 (one for each processor) to {}", most));
        }
    }
    if (const TypedValue* const size = typed.last("max-object-size")) {
        const Result<std::uint64_t> bytes = parse_size(size->text);
        if (!bytes) {
            return bytes.error().within(size->origin);
        }
        scan.max_object_size = *bytes;
    }
    return {};
}

Result<void> read_choices(const TypedOptions& typed, DetectionOptions& scan, ReportPlan& plan)
{
    static constexpr std::array<Word<Confidence>, 3> confidences{
        {{"low", Confidence::low}, {"medium", Confidence::medium}, {"high", Confidence::high}}};
    static constexpr std::array<Word<Colour>, 3> colours{
        {{"auto", Colour::automatic}, {"always", Colour::always}, {"never", Colour::never}}};
    if (const TypedValue* const value = typed.last("min-confidence")) {
        const Result<Confidence> confidence = choice(*value, confidences);
        if (!confidence) {
            return confidence.error();
        }
        scan.min_confidence = *confidence;
    }
    if (const TypedValue* const value = typed.last("color")) {
        const Result<Colour> colour = choice(*value, colours);
        if (!colour) {
            return colour.error();
        }
        plan.colour = *colour;
    }
    return {};
}

void read_patterns(const TypedOptions& typed, DetectionOptions& scan)
{
    if (const auto patterns = typed.values.find("patterns"); patterns != typed.values.end()) {
        for (const TypedValue& value : patterns->second) {
            scan.patterns.emplace_back(value.text);
        }
    }
}

/// Everything that the scanning commands have in common.
Result<void> read_common(const TypedOptions& typed, DetectionOptions& scan, ReportPlan& plan)
{
    read_patterns(typed, scan);
    for (const Result<void>& done : {read_common_flags(typed, scan, plan), read_suppression(typed, scan),
                                     read_numbers(typed, scan), read_choices(typed, scan, plan)}) {
        if (!done) {
            return done;
        }
    }
    Result<ActionPlan> actions = read_action_plan(typed);
    if (!actions) {
        return actions.error();
    }
    plan.actions = std::move(*actions);
    Result<std::vector<OutputPlan>> outputs = plan_outputs(typed);
    if (!outputs) {
        return outputs.error();
    }
    plan.outputs = std::move(*outputs);
    return {};
}

}  // namespace

Result<DetectionOptions> plan_detection(const TypedOptions& typed)
{
    DetectionOptions options;
    read_patterns(typed, options);
    const Result<void> read = read_numbers(typed, options);
    return read ? Result<DetectionOptions>(std::move(options)) : read.error();
}

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
    return plan;
}

}  // namespace r8scan::cmd
