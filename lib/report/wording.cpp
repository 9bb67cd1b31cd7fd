#include "report/wording.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace r8scan::report {

std::string with_separators(std::uint64_t number)
{
    const std::string digits = std::to_string(number);
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) {
            out += ',';
        }
        out += digits[i];
    }
    return out;
}

std::string count_of(std::uint64_t number, std::string_view singular, std::string_view plural)
{
    if (number == 1) {
        return fmt::format("1 {}", singular);
    }
    return plural.empty() ? fmt::format("{} {}s", with_separators(number), singular)
                          : fmt::format("{} {}", with_separators(number), plural);
}

std::string human_bytes(double bytes)
{
    static constexpr std::array<const char*, 5> units{"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    while (bytes >= 999.5 && unit + 1 < units.size()) {
        bytes /= 1000;
        ++unit;
    }
    const int decimals = unit == 0 || bytes >= 99.95 ? 0 : bytes >= 9.995 ? 1 : 2;
    return fmt::format("{:.{}f} {}", bytes, decimals, units[unit]);
}

std::string human_duration(double milliseconds)
{
    if (milliseconds < 999.5) {
        return fmt::format("{:.0f} ms", milliseconds);
    }
    const double seconds = milliseconds / 1000;
    if (seconds < 59.95) {
        return fmt::format("{:.{}f} s", seconds, seconds < 9.995 ? 2 : 1);
    }
    const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
    if (whole < 3600) {
        return fmt::format("{} min {} s", whole / 60, whole % 60);
    }
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string joined(const std::vector<std::string>& items)
{
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) {
            out += i + 1 == items.size() ? " and " : ", ";
        }
        out += items[i];
    }
    return out;
}

}  // namespace r8scan::report
