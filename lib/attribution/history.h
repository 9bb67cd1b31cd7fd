// What each commit does to the set of (path, token): the walk over the commits, parents first.
//
// For each (path, token) a commit holds it, or it is gone (some parent holds it or it is gone there), or it never was.
// Two sets a commit say all of that: what it holds, and what it or any ancestor ever held; gone is the difference.
// Most commits hold the same set as their parent, and cost no more than the comparison of two numbers.
#pragma once

#include "attribution/commit_order.h"
#include "attribution/input.h"
#include "attribution/marked_trees.h"
#include "attribution/path_sets.h"

#include <cstdint>
#include <vector>

namespace r8scan::attribution {

/// Sets are those of `sets` given to walk_history; vectors go from commit to set.
struct History {
    std::vector<SetId> holds;
    std::vector<SetId> introduces;  // holds it and no parent does; if no ref reaches the commit, no reachable one does
    std::vector<SetId> loses;       // some parent holds it and the commit does not
    std::vector<SetId> removes;     // loses it and it is gone at no parent
    SetId dangling = 0;             // in the tree of dangling trees and held by no commit
    std::uint64_t unfinished = 0;
};

History walk_history(const Input& input, const CommitOrder& commits, const MarkedTrees& trees, Index dangling_tree,
                     PathSets& sets);

}  // namespace r8scan::attribution
