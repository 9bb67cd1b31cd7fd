#include "action/exposure.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <tuple>

namespace r8scan::action {
namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count)
{
    int value = 0;
    if (at + count > text.size()) {
        return std::nullopt;
    }
    const char* const begin = text.data() + at;
    const auto [end, error] = std::from_chars(begin, begin + count, value);
    return error == std::errc() && end == begin + count && *begin != '-' ? std::optional(value) : std::nullopt;
}

/// Days from 1970-01-01, by https://howardhinnant.github.io/date_algorithms.html
std::int64_t days_from_civil(std::int64_t year, int month, int day)
{
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

/// "Z" or "+hh:mm" in seconds.
std::optional<int> zone_of(std::string_view zone)
{
    if (zone == "Z" || zone == "z") {
        return 0;
    }
    const auto hours = digits(zone, 1, 2);
    const auto minutes = digits(zone, 4, 2);
    if (zone.size() != 6 || zone[3] != ':' || (zone[0] != '+' && zone[0] != '-') || !hours || !minutes) {
        return std::nullopt;
    }
    const int seconds = (*hours * 60 + *minutes) * 60;
    return zone[0] == '-' ? -seconds : seconds;
}

EventPlace place_of(const Finding& finding)
{
    EventPlace place;
    place.kind = finding.kind;
    place.path = finding.path.value_or("");
    place.line = finding.position.line;
    place.object = finding.object;
    place.commit = finding.commit.value_or("");
    place.author = finding.author.value_or("");
    place.email = finding.email.value_or("");
    place.date = finding.date.value_or("");
    place.removed_in = finding.removed_in.value_or("");
    place.at_head = finding.at_head;
    place.link = finding.link.value_or("");
    return place;
}

}  // namespace

std::optional<std::int64_t> unix_time_of(std::string_view text)
{
    constexpr std::size_t date_and_time = 19;
    const auto year = digits(text, 0, 4);
    const auto month = digits(text, 5, 2);
    const auto day = digits(text, 8, 2);
    const auto hour = digits(text, 11, 2);
    const auto minute = digits(text, 14, 2);
    const auto second = digits(text, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second || text[4] != '-' || text[7] != '-' || text[13] != ':' ||
        text[16] != ':' || *month < 1 || *month > 12) {
        return std::nullopt;
    }
    const auto zone = zone_of(text.substr(date_and_time));
    if (!zone) {
        return std::nullopt;
    }
    return days_from_civil(*year, *month, *day) * 86400 + *hour * 3600 + *minute * 60 + *second - *zone;
}

Exposure exposure_of(std::span<const Finding* const> findings, std::string_view visibility)
{
    Exposure exposure;
    exposure.visibility = visibility;
    std::vector<const Finding*> sorted(findings.begin(), findings.end());
    const auto time_of = [](const Finding* finding) {
        return unix_time_of(finding->date.value_or("")).value_or(std::numeric_limits<std::int64_t>::max());
    };
    std::stable_sort(sorted.begin(), sorted.end(), [&](const Finding* a, const Finding* b) {
        return std::tuple(!a->at_head, time_of(a)) < std::tuple(!b->at_head, time_of(b));
    });
    const Finding* first = nullptr;
    const Finding* last = nullptr;
    for (const Finding* const finding : sorted) {
        exposure.at_head = exposure.at_head || finding->at_head;
        if (exposure.repository.empty()) {
            exposure.repository = finding->repository;
        }
        if (finding->commit && unix_time_of(finding->date.value_or(""))) {
            first = first == nullptr || time_of(finding) < time_of(first) ? finding : first;
            last = last == nullptr || time_of(finding) > time_of(last) ? finding : last;
        }
        if (exposure.places.size() < most_places) {
            exposure.places.push_back(place_of(*finding));
        }
    }
    if (first != nullptr) {
        exposure.first_commit = first->commit.value_or("");
        exposure.first_date = first->date.value_or("");
        exposure.last_commit = last->commit.value_or("");
        exposure.last_date = last->date.value_or("");
    }
    return exposure;
}

}  // namespace r8scan::action
