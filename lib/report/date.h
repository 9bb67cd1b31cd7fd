// Dates of commits as moments, for reports that reckon with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace r8scan::report {

/// Seconds since 1970 of an RFC 3339 date ("2024-05-06T10:11:12+02:00"); nothing where it is none.
[[nodiscard]] std::optional<std::int64_t> moment_of(std::string_view rfc3339);

/// "2024-05-06", in UTC.
[[nodiscard]] std::string day_text(std::int64_t moment);

}  // namespace r8scan::report
