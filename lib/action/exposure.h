// What the findings of one token say together: since when it lay open, and where.
#pragma once

#include "action/event.h"

#include <optional>
#include <span>
#include <string_view>

namespace r8scan::action {

/// An event names at most so many places; what still stands at HEAD comes first, then by date.
inline constexpr std::size_t most_places = 100;

/// The findings are of one token. `visibility` is "public", "private" or "unknown".
[[nodiscard]] Exposure exposure_of(std::span<const Finding* const> findings, std::string_view visibility);

/// Seconds since 1970 of "2026-01-02T03:04:05+01:00" (RFC 3339); nothing for anything else.
[[nodiscard]] std::optional<std::int64_t> unix_time_of(std::string_view rfc3339);

}  // namespace r8scan::action
