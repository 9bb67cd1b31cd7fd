#include "report/fates.h"

#include "report/story.h"
#include "report/wording.h"

#include <algorithm>

namespace r8scan::report {
namespace {

bool is_verified_as(const Story& story, std::string_view status)
{
    return std::any_of(story.places.begin(), story.places.end(), [&](const Finding* finding) {
        return finding->verification && finding->verification->status == status;
    });
}

}  // namespace

bool Fates::all_over() const
{
    return revoked + inactive > 0 && active + unknown + not_verified == 0;
}

std::string Fates::text() const
{
    if (active + revoked + inactive + unknown == 0) {
        return {};
    }
    std::vector<std::string> parts;
    for (const auto& [count, word] :
         {std::pair(active, " active"), std::pair(revoked, " revoked"), std::pair(inactive, " inactive"),
          std::pair(unknown, " unknown"), std::pair(not_verified, " not verified")}) {
        if (count > 0) {
            parts.push_back(with_separators(count) + word);
        }
    }
    return joined(parts);
}

Fates fates_of(const std::vector<Finding>& findings)
{
    Fates fates;
    for (const Story& story : stories_of(findings)) {
        if (story.placeholder) {
            continue;
        }
        const std::string state = state_text(story);
        ++(is_verified_as(story, "active")    ? fates.active
           : state == "revoked"               ? fates.revoked
           : state == "inactive"              ? fates.inactive
           : is_verified_as(story, "unknown") ? fates.unknown
                                              : fates.not_verified);
    }
    return fates;
}

}  // namespace r8scan::report
