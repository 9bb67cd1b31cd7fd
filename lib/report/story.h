// The story of each token: since when it has been in the repository, whether it still stands, whether it was ended.
//
// Removing a token from the files does not end its exposure, as history keeps it; revoking it does. So a token is
// exposed from the day it came in to the day it was revoked or found dead, or until now.
#pragma once

#include <r8scan/finding.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace r8scan::report {

struct Story {
    std::vector<const Finding*> places;      // at least one; what stands at HEAD first
    std::optional<std::int64_t> introduced;  // the earliest date; seconds since 1970, like the others
    std::optional<std::int64_t> removed;     // the latest removal, where no ref has it in its files any more
    std::optional<std::int64_t> ended;       // when it was revoked or found dead
    bool at_head = false;
    bool placeholder = false;

    [[nodiscard]] const Finding& first() const { return *places.front(); }
};

/// By token, in the order in which tokens first come, placeholders last. They point into `findings`.
[[nodiscard]] std::vector<Story> stories_of(const std::vector<Finding>& findings);

/// Whole days of exposure until it ended or until now; nothing where the beginning is not known.
[[nodiscard]] std::optional<std::int64_t> days_exposed(const Story& story, std::int64_t now);

/// "exposed for 214 days", "exposed for 3 days so far"; empty where nothing is known.
[[nodiscard]] std::string exposure_text(const Story& story, std::int64_t now);

/// "revoked", "inactive", "still at HEAD", "in history only", "no ref reaches it" or "placeholder".
[[nodiscard]] std::string state_text(const Story& story);

}  // namespace r8scan::report
