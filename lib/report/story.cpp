#include "report/story.h"

#include "report/date.h"
#include "report/wording.h"

#include <algorithm>
#include <map>

namespace r8scan::report {
namespace {

bool was_revoked(const Finding& finding)
{
    return finding.revocation &&
           (finding.revocation->status == "revoked" || finding.revocation->status == "already_revoked");
}

bool is_dead(const Finding& finding)
{
    return was_revoked(finding) || (finding.verification && finding.verification->status == "inactive");
}

void take_earliest(std::optional<std::int64_t>& kept, const std::optional<std::int64_t>& moment)
{
    if (moment && (!kept || *moment < *kept)) {
        kept = moment;
    }
}

/// Whether a ref still has it: at HEAD, or on a branch from which nobody took it. What no ref reaches is in nobody's
/// files, and says nothing of when it went.
bool still_stands(const Finding& finding)
{
    return !finding.attributed || finding.at_head || (finding.reachable && !finding.removed_in);
}

void take_latest(std::optional<std::int64_t>& kept, const std::optional<std::int64_t>& moment)
{
    if (moment && (!kept || *moment > *kept)) {
        kept = moment;
    }
}

void add_place(Story& story, const Finding& finding)
{
    story.places.push_back(&finding);
    story.at_head = story.at_head || finding.at_head;
    if (finding.date) {
        take_earliest(story.introduced, moment_of(*finding.date));
    }
    if (finding.removed_date) {
        take_latest(story.removed, moment_of(*finding.removed_date));
    }
    if (is_dead(finding)) {
        take_earliest(story.ended, moment_of(was_revoked(finding) ? finding.revocation->at : finding.verification->at));
    }
}

}  // namespace

std::vector<Story> stories_of(const std::vector<Finding>& findings)
{
    std::vector<Story> stories;
    std::map<std::string_view, std::size_t> story_of;
    for (const Finding& finding : findings) {
        const auto [known, added] = story_of.try_emplace(finding.token_sha256, stories.size());
        if (added) {
            stories.emplace_back();
            stories.back().placeholder = finding.placeholder;
        }
        add_place(stories[known->second], finding);
    }
    for (Story& story : stories) {
        std::stable_partition(story.places.begin(), story.places.end(), [](const Finding* f) { return f->at_head; });
        if (std::any_of(story.places.begin(), story.places.end(), [](const Finding* f) { return still_stands(*f); })) {
            story.removed.reset();
        }
    }
    std::stable_partition(stories.begin(), stories.end(), [](const Story& story) { return !story.placeholder; });
    return stories;
}

std::optional<std::int64_t> days_exposed(const Story& story, std::int64_t now)
{
    if (!story.introduced) {
        return std::nullopt;
    }
    constexpr std::int64_t day = 86400;
    return std::max<std::int64_t>(0, story.ended.value_or(now) - *story.introduced) / day;
}

std::string exposure_text(const Story& story, std::int64_t now)
{
    const auto days = days_exposed(story, now);
    if (!days || story.placeholder) {
        return {};
    }
    return "exposed for " + count_of(static_cast<std::uint64_t>(*days), "day") + (story.ended ? "" : " so far");
}

std::string state_text(const Story& story)
{
    if (story.placeholder) {
        return "placeholder";
    }
    if (std::any_of(story.places.begin(), story.places.end(), [](const Finding* f) { return was_revoked(*f); })) {
        return "revoked";
    }
    if (std::any_of(story.places.begin(), story.places.end(), [](const Finding* f) { return is_dead(*f); })) {
        return "inactive";
    }
    if (story.at_head) {
        return "still at HEAD";
    }
    const Finding& first = story.first();
    if (!first.attributed) {
        return "found";
    }
    return std::any_of(story.places.begin(), story.places.end(), [](const Finding* f) { return f->reachable; })
               ? "in history only"
               : "no ref reaches it";
}

}  // namespace r8scan::report
