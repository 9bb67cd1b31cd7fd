// The options that the scanning commands have in common, read into their plans: cmd/plan.cpp adds what each has of its
// own.
#pragma once

#include "cmd/plan.h"
#include "cmd/typed_options.h"

namespace r8scan::cmd {

/// What is reported, what is read and how, what is done about it.
Result<void> read_common(const TypedOptions& typed, DetectionOptions& scan, ReportPlan& plan);

}  // namespace r8scan::cmd
