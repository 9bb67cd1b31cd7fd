// One finding as a SARIF result.
#pragma once

#include <r8scan/finding.h>

#include "report/record.h"
#include "report/sarif.h"

namespace r8scan::report {

[[nodiscard]] Record sarif_result(const Finding& finding, std::size_t rule_index, const SarifOptions& options);

/// A finding that is suppressed, as far as the summary knows it.
[[nodiscard]] Record sarif_suppressed_result(const SuppressedFinding& finding, const std::string& rule,
                                             std::size_t rule_index);

/// Text for a message: what SARIF takes for a link or a placeholder there is written so that it is none.
[[nodiscard]] std::string sarif_message(std::string_view text);

}  // namespace r8scan::report
