#include "finding/suppressed_finding.h"

#include <charconv>
#include <map>
#include <tuple>

namespace r8scan {

namespace {

std::string place_of(const Finding& finding)
{
    auto place = finding.path ? *finding.path : finding.kind;
    if (finding.path && finding.kind != "commit" && finding.kind != "tag") {
        place += ':' + std::to_string(finding.position.line);
    }
    const auto& id = finding.commit ? *finding.commit : finding.object;
    constexpr std::size_t digits = 12;
    return place + (id.empty() ? "" : (finding.commit ? " in commit " : " in object ") + id.substr(0, digits));
}

/// Without " in commit 0123456789ab" at its end.
std::string_view without_id(std::string_view place)
{
    const auto space = place.rfind(' ');
    if (space == std::string_view::npos || space + 1 == place.size() ||
        place.find_first_not_of("0123456789abcdef", space + 1) != std::string_view::npos) {
        return place;
    }
    const auto before = place.substr(0, space);
    for (const std::string_view words : {" in commit", " in object"}) {
        if (before.ends_with(words)) {
            return before.substr(0, before.size() - words.size());
        }
    }
    return place;
}

}  // namespace

SuppressedFinding suppressed(const Finding& finding, Suppression why)
{
    return {finding.fingerprint, finding.secret->redacted(), place_of(finding), std::move(why)};
}

std::string in_words(const Suppression& why)
{
    return why.by + (why.origin.empty() ? "" : ' ' + why.origin) + (why.reason.empty() ? "" : ": " + why.reason);
}

SuppressedPlace parts_of_place(std::string_view place)
{
    place = without_id(place);
    const auto colon = place.rfind(':');
    if (colon == std::string_view::npos) {
        return {};
    }
    SuppressedPlace parts;
    const char* const end = place.data() + place.size();
    const auto [stop, error] = std::from_chars(place.data() + colon + 1, end, parts.line);
    if (error != std::errc() || stop != end || parts.line == 0) {
        return {};
    }
    parts.path = place.substr(0, colon);
    return parts;
}

std::vector<SuppressedCount> counted(const std::vector<SuppressedFinding>& findings)
{
    std::map<std::tuple<std::string_view, std::string_view, std::string_view>, std::uint64_t> counts;
    for (const auto& finding : findings) {
        ++counts[{finding.why.by, finding.why.origin, finding.why.reason}];
    }
    std::vector<SuppressedCount> list;
    for (const auto& [why, count] : counts) {
        const auto& [by, origin, reason] = why;
        list.push_back({{std::string(by), std::string(origin), std::string(reason)}, count});
    }
    return list;
}

}  // namespace r8scan
