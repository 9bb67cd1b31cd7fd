// What the index has that none of the parents of the next commit has, and what the parents have and it has not.
#pragma once

#include "git/index_file.h"
#include "source/tree_changes.h"

namespace r8scan::source {

struct StagedChange {
    std::string path;
    std::optional<NamedEntry> entry;                   // nothing: the index does not have it
    std::vector<std::optional<git::ObjectId>> before;  // in each parent, of files only
    bool is_new_name = false;                          // no parent has anything at the path
    std::uint8_t stage = 0;                            // of a conflict: 2 is ours, 3 theirs
};

struct StagedChanges {
    std::vector<StagedChange> changes;  // sorted by path, then stage
    std::uint64_t conflicts = 0;        // paths in conflict: a commit cannot record them as they are
    std::uint64_t compared = 0;         // entries looked at
};

/// `parents` are trees. Of a path in conflict both sides are changes; what they have in common is none. Folders that
/// the index knows to be the same tree as a parent's are passed over.
StagedChanges list_staged(const git::IndexFile& index, const std::vector<git::ObjectId>& parents, TreeReader& trees);

}  // namespace r8scan::source
