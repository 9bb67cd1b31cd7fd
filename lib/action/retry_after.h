// How long a server asks us to stay away.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace r8scan::action {

/// `Retry-After` (RFC 9110, 10.2.3): a number of seconds, or a date in any of HTTP's three forms. A date that has
/// passed is zero; more than a day is a day; nothing where it is neither.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                                    std::chrono::system_clock::time_point now);

/// `ratelimit-reset`: seconds until the window ends; some servers send the Unix time of that moment instead, which is
/// told by its size.
[[nodiscard]] std::optional<std::chrono::seconds> parse_rate_limit_reset(std::string_view value,
                                                                         std::chrono::system_clock::time_point now);

}  // namespace r8scan::action
