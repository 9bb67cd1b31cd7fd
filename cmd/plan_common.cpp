#include "cmd/plan_common.h"

#include "cmd/typed_values.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
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

}  // namespace

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

Result<DetectionOptions> plan_detection(const TypedOptions& typed)
{
    DetectionOptions options;
    read_patterns(typed, options);
    const Result<void> read = read_numbers(typed, options);
    return read ? Result<DetectionOptions>(std::move(options)) : read.error();
}

}  // namespace r8scan::cmd
