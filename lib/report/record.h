// The finding record and the summary record: what the JSON reports write.
//
// Field names, their order and when they are absent are a contract (README.md, "The finding record"). Strings of the
// repository have been made UTF-8 by the `\xHH` rule, so that the records can be dumped without replacement characters.
#pragma once

#include <r8scan/finding.h>

#include <nlohmann/json.hpp>

#include <string>

namespace r8scan::report {

using Record = nlohmann::ordered_json;

/// `show_secrets` adds `secret`, the token in the clear; everything else is redacted.
[[nodiscard]] Record finding_record(const Finding& finding, bool show_secrets);

[[nodiscard]] Record summary_record(const Summary& summary);

/// The record as JSON on one line, safe to show on a terminal.
[[nodiscard]] std::string one_line(const Record& record);

}  // namespace r8scan::report
