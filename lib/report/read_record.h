// Records back into findings and summaries: the other direction of report/record.h.
//
// What was written may have been edited by anybody: a field of the wrong type is an error that names it, unknown fields
// are passed over, and what looks like a token in a text is starred out again. A token that was written redacted stays
// known as that alone: its Secret holds the redacted form.
#pragma once

#include <r8scan/finding.h>
#include <r8scan/result.h>

#include "report/record.h"

namespace r8scan::report {

Result<Finding> finding_of_record(const Record& record);

Result<Summary> summary_of_record(const Record& record);

}  // namespace r8scan::report
