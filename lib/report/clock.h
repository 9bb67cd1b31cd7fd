// The time of day for reports that state one. Handed in, so that the same scan gives the same bytes in a test.
#pragma once

#include <cstdint>
#include <functional>

namespace r8scan::report {

/// Seconds since 1970, UTC.
using Clock = std::function<std::int64_t()>;

}  // namespace r8scan::report
