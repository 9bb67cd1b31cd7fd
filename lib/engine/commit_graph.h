// The history as numbers: commits, their parents, what refs and reflogs point at, and what a ref reaches.
//
// Building it is also the connectivity check that every scan makes: refs, commits, tags and root trees must be there.
#pragma once

#include "engine/object_scan.h"
#include "git/refs.h"

#include <map>

namespace r8scan {

using CommitNumber = std::uint32_t;  // into CommitGraph::commits
inline constexpr CommitNumber no_commit = 0xffffffffU;

/// A ref, or a reflog entry, and what it comes to when tags are followed.
struct NamedTip {
    std::string name;
    bool is_ref = true;
    git::EntryIndex object = git::no_entry;  // what it names, tags followed
    CommitNumber commit = no_commit;         // where that is a commit
};

struct CommitGraph {
    std::vector<CommitRecord> commits;              // sorted by entry
    std::vector<std::vector<CommitNumber>> parents; // of each commit, those that are there
    std::vector<bool> reachable;                    // from a ref
    std::vector<NamedTip> tips;                     // refs by name, then reflogs as git numbers them
    CommitNumber head = no_commit;
    std::map<git::EntryIndex, std::vector<std::string>> refs_of_tag;   // tag objects that refs lead through
    std::map<git::EntryIndex, std::vector<std::string>> refs_of_other; // blobs and trees that refs name

    [[nodiscard]] CommitNumber find(git::EntryIndex entry) const;
};


CommitGraph build_commit_graph(const git::ObjectTable& table, ObjectScan& scan, const git::Refs& refs,
                               const std::vector<git::ObjectId>& shallow_boundary, Problems& problems);

}  // namespace r8scan
