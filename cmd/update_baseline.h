// `r8scan report REPORT... --update-baseline FILE`: the baseline that the next scan is to be given.
//
// What the reports found comes in, and what they found or left out stays. What they could have found and did not is
// stale and goes, but only where they say of everything: not where one is incomplete, or read a range, the index or a
// stream.
#pragma once

#include <r8scan/result.h>

#include "report/merge.h"

#include <cstddef>
#include <filesystem>
#include <string>

namespace r8scan::cmd {

struct BaselineUpdate {
    std::string text;  // of the new baseline
    std::size_t added = 0;
    std::size_t kept = 0;
    std::size_t dropped = 0;
    std::string why_none_dropped;  // where nothing could be dropped; empty otherwise
};

/// Reads the file, where there is one. Nothing is written. Findings below the confidence are not added.
Result<BaselineUpdate> update_baseline(const std::filesystem::path& file, const report::Merge& reports,
                                       Confidence at_least);

/// "baseline base.json: 3 findings: 1 added, 2 kept, 1 dropped that does not stand any more".
[[nodiscard]] std::string in_words(const BaselineUpdate& update, const std::string& file);

}  // namespace r8scan::cmd
