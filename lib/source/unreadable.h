// Names a file or folder that could not be read, by what the system said of it.
#pragma once

#include <r8scan/result.h>

#include "util/problems.h"

namespace r8scan::source {

/// `reason` is for what is there and cannot be read; what is there no more has a reason of its own.
void name_unreadable(const char* reason, const Error& error, Problems& problems);

}  // namespace r8scan::source
