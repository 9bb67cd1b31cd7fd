#include "action/retry_after.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace r8scan::action {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

constexpr seconds longest = std::chrono::hours(24);

std::string_view trimmed(std::string_view text)
{
    const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

/// A whole number without a sign; as many digits as there may be.
std::optional<seconds> number(std::string_view text)
{
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() ? seconds(value) : seconds::max();
}

seconds until(std::int64_t unix_time, system_clock::time_point now)
{
    const auto present = std::chrono::duration_cast<seconds>(now.time_since_epoch());
    return std::clamp(seconds(unix_time) - present, seconds(0), longest);
}

}  // namespace

std::optional<seconds> parse_retry_after(std::string_view value, system_clock::time_point now)
{
    const std::string text(trimmed(value));
    if (const auto wait = number(text)) {
        return std::min(*wait, longest);
    }
    // A date has at least the day, month and year; curl takes less for one too.
    constexpr std::size_t shortest_date = 20;
    if (text.size() < shortest_date) {
        return std::nullopt;
    }
    const time_t date = curl_getdate(text.c_str(), nullptr);
    return date < 0 ? std::nullopt : std::optional(until(date, now));
}

std::optional<seconds> parse_rate_limit_reset(std::string_view value, system_clock::time_point now)
{
    constexpr seconds earliest_date(1'000'000'000);  // 2001; no window is that long
    const auto wait = number(trimmed(value));
    if (!wait || *wait == seconds::max()) {
        return std::nullopt;
    }
    return *wait >= earliest_date ? until(wait->count(), now) : std::min(*wait, longest);
}

}  // namespace r8scan::action
