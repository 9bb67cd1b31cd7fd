// --stats: where the time went, as a table. For people who measure; goes to stderr, never into a report.
#pragma once

#include <r8scan/finding.h>

#include <string>

namespace r8scan::report {

[[nodiscard]] std::string stats_text(const Summary& summary);

}  // namespace r8scan::report
