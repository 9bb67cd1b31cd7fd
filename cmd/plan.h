// What the program is to do, with every value checked: step two of two after cmd/typed_options.h. No I/O here either:
// whether files exist is found out when they are opened.
#pragma once

#include <r8scan/scan.h>

#include "cmd/action_plan.h"
#include "cmd/typed_options.h"

#include <string>
#include <vector>

namespace r8scan::cmd {

enum class Format { text, json, jsonl };
enum class Colour { automatic, always, never };

/// One report of a scan.
struct OutputPlan {
    Format format = Format::text;
    std::string file;  // empty: standard output
};

/// How a scan is reported, whatever it reads.
struct ReportPlan {
    std::vector<OutputPlan> outputs;  // at least one, at most one of them on standard output
    Colour colour = Colour::automatic;
    bool quiet = false;
    bool verbose = false;
    bool stats = false;
    bool show_secrets = false;
    ActionPlan actions;
};

struct Plan : ReportPlan {
    ScanOptions scan;
};
struct RangePlan : ReportPlan {
    RangeScanOptions scan;
    std::string remote;  // of a push; empty where it was not named
};
struct StagedPlan : ReportPlan {
    StagedScanOptions scan;
};
struct MessagePlan : ReportPlan {
    StreamScanOptions scan;
    std::string file;
};
struct DirPlan : ReportPlan {
    FileScanOptions scan;
};
struct StdinPlan : ReportPlan {
    StreamScanOptions scan;
};

/// Whether `r8scan git` is to scan a range instead of everything.
[[nodiscard]] bool asks_for_range(const TypedOptions& typed);

/// The plans of the commands. Every error is ErrorCode::usage and names the option or the variable.
Result<Plan> plan_git(const TypedOptions& typed);
Result<RangePlan> plan_range(const TypedOptions& typed);
Result<RangePlan> plan_push(const TypedOptions& typed);
Result<RangePlan> plan_receive(const TypedOptions& typed);
Result<StagedPlan> plan_staged(const TypedOptions& typed);
Result<MessagePlan> plan_message(const TypedOptions& typed);
Result<DirPlan> plan_dir(const TypedOptions& typed);
Result<StdinPlan> plan_stdin(const TypedOptions& typed);

/// "256M", "1G", "64KiB", "1000": bytes, with units of 1024. Nothing where it is no size, is zero or does not fit.
[[nodiscard]] Result<std::uint64_t> parse_size(const std::string& text);

}  // namespace r8scan::cmd
