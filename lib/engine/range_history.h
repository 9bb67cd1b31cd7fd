// A range as attribution takes it: the graph of its commits, and of each the paths that hold something found.
//
// `commits` are those of the range and then those right before it, its boundary, which only says what was there before;
// `inside` is how many belong to the range. Commits go by their place in the list.
#pragma once

#include "engine/attribution_input.h"
#include "engine/commit_graph.h"
#include "engine/lookup_repository.h"
#include "engine/token_table.h"
#include "source/commit_range.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace r8scan {

/// Paths of a commit at which something was found, with the object that stands there.
using HeldPaths = std::vector<std::pair<std::string, git::EntryIndex>>;

/// Parents, refs and HEAD; a ref whose commit cannot be read is among the problems. `entries` numbers all commits.
CommitGraph graph_of_range(const std::vector<const source::RangeCommit*>& commits, std::size_t inside,
                           const std::map<git::ObjectId, git::EntryIndex>& entries, const LookupRepository& repository,
                           Problems& problems);

/// A tree of one level for each commit, with whole paths for names: `held` of each.
AttributionInput input_of_range(const std::vector<const source::RangeCommit*>& commits, std::size_t inside,
                                const std::vector<HeldPaths>& held, const TokenTable& tokens, const CommitGraph& graph);

}  // namespace r8scan
