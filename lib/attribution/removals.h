// Which commits removed what was introduced at each listed place.
//
// Along the history goes a set of (path, listed place): at each commit, the places whose token is still held there,
// all the way from the place's own commit. Where a commit removes a (path, token), the places that stand in this set at
// that path with that token are the ones it removed; a token that came back is a place of its own. Places are numbers,
// so this is a second PathSets with the places as values.
#pragma once

#include "attribution/commit_order.h"
#include "attribution/history.h"
#include "attribution/input.h"
#include "attribution/listing.h"
#include "attribution/path_sets.h"

#include <span>
#include <vector>

namespace r8scan::attribution {

class PlaceSets {
public:
    /// The arguments must outlive the object.
    PlaceSets(const Input& input, const Limits& limits, const Listing& listing, const PathSets& sets, PathTable& paths,
              std::uint64_t steps);

    /// Listed place -> the commits that removed it, earliest first.
    std::vector<std::vector<Index>> find_removers(const CommitOrder& commits, const History& history);

    /// Listed place -> the tips whose tree holds it: refs for what a ref reaches, reflog entries for the rest.
    std::vector<std::vector<Index>> find_tips(const CommitOrder& commits, const History& history);

    /// How many commits and tips could not be worked out for want of steps.
    [[nodiscard]] std::uint64_t unfinished() const { return m_unfinished; }

private:
    SetId select(SetId places, SetId pairs) { return m_places.select(places, m_sets, pairs, m_token_of); }
    SetId build(std::size_t first, std::size_t last);

    const Input& m_input;
    const Limits& m_limits;
    const Listing& m_listing;
    const PathSets& m_sets;
    PathTable& m_paths;
    const std::vector<Index> m_token_of;
    PathSets m_places;
    std::uint64_t m_unfinished = 0;
};

}  // namespace r8scan::attribution
