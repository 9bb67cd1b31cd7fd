#include "report/date.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace r8scan::report {
namespace {

constexpr std::int64_t day = 86400;

std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t digits)
{
    int number = 0;
    if (text.size() < at + digits) {
        return std::nullopt;
    }
    const char* const end = text.data() + at + digits;
    const auto [stop, error] = std::from_chars(text.data() + at, end, number);
    return error == std::errc() && stop == end && number >= 0 ? std::optional(number) : std::nullopt;
}

/// Seconds that a zone lies east of UTC: "Z", "+02:00", "-0730".
std::optional<std::int64_t> zone_of(std::string_view text)
{
    if (text == "Z" || text == "z") {
        return 0;
    }
    if (text.empty() || (text.front() != '+' && text.front() != '-')) {
        return std::nullopt;
    }
    const std::size_t colon = text.size() > 3 && text[3] == ':' ? 1 : 0;
    const auto hours = number_at(text, 1, 2);
    const auto minutes = number_at(text, 3 + colon, 2);
    if (!hours || !minutes || text.size() != 5 + colon) {
        return std::nullopt;
    }
    const std::int64_t seconds = std::int64_t{*hours} * 3600 + std::int64_t{*minutes} * 60;
    return text.front() == '-' ? -seconds : seconds;
}

}  // namespace

std::optional<std::int64_t> moment_of(std::string_view text)
{
    const auto year = number_at(text, 0, 4);
    const auto month = number_at(text, 5, 2);
    const auto of_month = number_at(text, 8, 2);
    const auto hour = number_at(text, 11, 2);
    const auto minute = number_at(text, 14, 2);
    const auto second = number_at(text, 17, 2);
    if (!year || !month || !of_month || !hour || !minute || !second) {
        return std::nullopt;
    }
    std::size_t zone_at = 19;
    if (text.size() > zone_at && text[zone_at] == '.') {
        zone_at = std::min(text.find_first_not_of("0123456789", zone_at + 1), text.size());
    }
    const auto zone = zone_of(text.substr(zone_at));
    const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*of_month)));
    if (!zone || !date.ok()) {
        return std::nullopt;
    }
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    return std::int64_t{days} * day + std::int64_t{*hour} * 3600 + std::int64_t{*minute} * 60 + *second - *zone;
}

std::string day_text(std::int64_t moment)
{
    const std::int64_t days = (moment - ((moment % day) + day) % day) / day;
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

}  // namespace r8scan::report
