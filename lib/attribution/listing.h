// Which places are listed, and how many there are in all.
//
// A place is a (path, token) in what a commit introduces. All are counted, in one pass over the nodes; listed are the
// first of each token in output order, by a walk that leaves a subset alone once all its tokens have their share.
#pragma once

#include "attribution/commit_order.h"
#include "attribution/history.h"
#include "attribution/input.h"
#include "attribution/path_sets.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace r8scan::attribution {

struct ListedPlace {
    Index token = none;
    Index commit = none;  // none: in a dangling tree
    PathId path = 0;
};

struct Listing {
    std::vector<ListedPlace> places;  // in commit order, then path order, then by token; dangling ones last
    std::vector<std::pair<std::size_t, std::size_t>> of_commit;  // commit -> its range in places

    [[nodiscard]] std::vector<Index> tokens() const;  // place -> token
};

Listing list_places(const CommitOrder& commits, const History& history, const PathSets& sets, const Limits& limits,
                    Index token_count, PathTable& paths);

/// Token -> all its places, listed or not; saturating.
std::vector<std::uint64_t> count_places(const CommitOrder& commits, const History& history, const PathSets& sets,
                                        Index token_count);

}  // namespace r8scan::attribution
