// The commits that some tips reach and others do not: A..B, a push, what a push brought.
//
// Commits are taken newest first, as git does it, until nothing wanted is left to look at; the history behind is not
// read. Where clocks were wrong a commit may be listed that an excluded tip reaches after all: more is read then, not
// less.
#pragma once

#include "git/commit.h"
#include "git/object_database.h"
#include "util/problems.h"

namespace r8scan::source {

struct RangeCommit {
    git::ObjectId id;
    git::ObjectId tree;
    std::vector<git::ObjectId> parents;
    std::int64_t time = 0;  // the committer's
};

struct CommitRange {
    std::vector<RangeCommit> commits;   // parents first
    std::vector<RangeCommit> boundary;  // parents of those that are not in the range and could be read
};

/// Ids of commits. What cannot be read on the way is a problem by name; `shallow` are commits whose parents were cut off.
CommitRange list_commits(git::ObjectDatabase& objects, const std::vector<git::ObjectId>& include,
                         const std::vector<git::ObjectId>& exclude, const std::vector<git::ObjectId>& shallow,
                         Problems& problems);

/// The best common ancestors of two commits, as far as they can be read.
std::vector<git::ObjectId> merge_bases(git::ObjectDatabase& objects, const git::ObjectId& a, const git::ObjectId& b);

}  // namespace r8scan::source
