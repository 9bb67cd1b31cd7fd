// What a look at a stream brings: candidates, leads, and the rules of which it cannot tell all.
#pragma once

#include "match/candidate.h"
#include "match/lead.h"

#include <cstddef>
#include <set>
#include <vector>

namespace r8scan {

/// Matches of one rule that are kept of one stream. A rule of somebody's may match at every byte,
/// and an object of a hundred megabytes may come of a hundred bytes of a pack: what is beyond is named, not kept. A file
/// of ten megabytes of nothing but tokens has as many.
constexpr std::size_t most_matches = 250'000;
/// Leads that are kept of one stream.
constexpr std::size_t most_leads = 4'000'000;

struct Matches {
    std::vector<Candidate> candidates;  // sorted by rule, begin and end
    std::vector<Lead> leads;            // sorted by kind, detail and place
    std::set<std::uint32_t> gave_up;    // rules whose matching took too long
    std::set<std::uint32_t> too_many;   // rules that match more than most_matches times
    bool too_many_leads = false;

    [[nodiscard]] bool has_all() const { return gave_up.empty() && too_many.empty() && !too_many_leads; }
    void clear();
};

}  // namespace r8scan
