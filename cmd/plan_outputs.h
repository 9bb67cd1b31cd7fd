// Which reports a run writes, and where each goes: -f FORMAT[=FILE], once or more, and -o FILE.
//
// The list of formats lives here; cmd/reports.h makes the report of each.
#pragma once

#include <r8scan/result.h>

#include "cmd/typed_options.h"

#include <string>
#include <vector>

namespace r8scan::cmd {

enum class Format { text, json, jsonl, sarif, gitlab, github, junit, csv, gitleaks, html, replace_text };

/// One report of a scan.
struct OutputPlan {
    Format format = Format::text;
    std::string file;  // empty: standard output
};

/// At least one output, at most one of them on standard output, no file twice.
Result<std::vector<OutputPlan>> plan_outputs(const TypedOptions& typed);

}  // namespace r8scan::cmd
