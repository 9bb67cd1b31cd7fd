// One place of a token in the text report: where it stands, who brought it, and what became of it.
#pragma once

#include <r8scan/finding.h>

#include "report/style.h"
#include "report/text.h"

#include <string>

namespace r8scan::report {

/// A few indented lines, each ended by a newline.
[[nodiscard]] std::string text_of_place(const Finding& finding, const TextOptions& options, const Style& style);

}  // namespace r8scan::report
