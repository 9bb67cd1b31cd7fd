// When a failed delivery is tried again.
#pragma once

#include "action/outbox.h"

namespace r8scan::action {

/// No receiver's pause is kept longer.
inline constexpr std::chrono::seconds longest_retry_after{24 * 3600};

/// When an event is due again after its nth failure (from 1), a fifth earlier or later as `random` (from 0 up to 1)
/// says, and not before the pause that was asked for; nothing after the last.
[[nodiscard]] std::optional<WallTime> next_attempt(unsigned failures, const Failure& failure, WallTime now,
                                                   double random);

}  // namespace r8scan::action
