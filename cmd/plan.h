// What the program is to do, with every value checked: step two of two after cmd/typed_options.h. No I/O here either:
// whether files exist is found out when they are opened.
#pragma once

#include <r8scan/scan.h>

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
};

struct Plan : ReportPlan {
    ScanOptions scan;
};
struct DirPlan : ReportPlan {
    FileScanOptions scan;
};
struct StdinPlan : ReportPlan {
    StreamScanOptions scan;
};

/// The plans of `r8scan git`, `dir` and `stdin`. Every error is ErrorCode::usage and names the option or the variable.
Result<Plan> plan_git(const TypedOptions& typed);
Result<DirPlan> plan_dir(const TypedOptions& typed);
Result<StdinPlan> plan_stdin(const TypedOptions& typed);

/// "256M", "1G", "64KiB", "1000": bytes, with units of 1024. Nothing where it is no size, is zero or does not fit.
[[nodiscard]] Result<std::uint64_t> parse_size(const std::string& text);

}  // namespace r8scan::cmd
