// What the program is to do, with every value checked: step two of two after cmd/typed_options.h. No I/O here either:
// whether files exist is found out when they are opened.
#pragma once

#include <r8scan/scan.h>

#include "cmd/action_plan.h"
#include "cmd/plan_outputs.h"
#include "cmd/typed_options.h"
#include "report/text.h"

#include <filesystem>
#include <string>
#include <vector>

namespace r8scan::cmd {

enum class Colour { automatic, always, never };

/// How a scan is reported, whatever it reads.
struct ReportPlan {
    std::vector<OutputPlan> outputs;  // at least one, at most one of them on standard output
    Colour colour = Colour::automatic;
    bool quiet = false;
    bool verbose = false;
    bool stats = false;
    bool show_secrets = false;
    ActionPlan actions;
    std::filesystem::path tree = ".";  // where the files that findings are about may lie, for reports that hash lines
    std::string step_summary;          // the file that $GITHUB_STEP_SUMMARY names; empty outside of GitHub Actions
    bool reasons = false;  // of each place, in the report for people
    report::Occasion occasion = report::Occasion::none;
};

struct Plan : ReportPlan {
    ScanOptions scan;
};
struct ExplainPlan : Plan {
    std::string fingerprint;
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

/// Reports to read instead of a scan; of `scan` only what chooses among findings counts.
struct ReportFilesPlan : ReportPlan {
    DetectionOptions scan;
    std::vector<std::string> files;  // "-" is standard input
    std::string update_baseline;     // a baseline to bring up to date; empty: none
    bool writes_report = true;       // not where only a baseline is to be written
};

/// Whether `r8scan git` is to scan a range instead of everything.
[[nodiscard]] bool asks_for_range(const TypedOptions& typed);

/// The plans of the commands. Every error is ErrorCode::usage and names the option or the variable.
Result<Plan> plan_git(const TypedOptions& typed);
Result<RangePlan> plan_range(const TypedOptions& typed);
Result<ExplainPlan> plan_explain(const TypedOptions& typed);
Result<RangePlan> plan_ci(const TypedOptions& typed);
Result<RangePlan> plan_push(const TypedOptions& typed);
Result<RangePlan> plan_receive(const TypedOptions& typed);
Result<StagedPlan> plan_staged(const TypedOptions& typed);
Result<MessagePlan> plan_message(const TypedOptions& typed);
Result<DirPlan> plan_dir(const TypedOptions& typed);
Result<StdinPlan> plan_stdin(const TypedOptions& typed);
Result<ReportFilesPlan> plan_report(const TypedOptions& typed);

/// The rules and limits by which tokens are found again, without a scan.
Result<DetectionOptions> plan_detection(const TypedOptions& typed);

}  // namespace r8scan::cmd
