// Random bytes of the system, good enough for keys.
#pragma once

#include <cstddef>
#include <span>

namespace r8scan {

/// Fills the room; false where the system gives none. Any thread.
[[nodiscard]] bool fill_with_random(std::span<std::byte> room);

}  // namespace r8scan
