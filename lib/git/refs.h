// Refs and reflogs of the files backend (gitrepository-layout), read strictly: a ref that cannot be read is a problem
// by name. libgit2's iterator leaves such refs out without a word, and knows no 32-byte ids.
#pragma once

#include "git/object_id.h"
#include "util/problems.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace r8scan::git {

struct Ref {
    std::string name;  // "HEAD", "refs/heads/main", "worktrees/x/HEAD"; raw bytes
    ObjectId target;   // after following symbolic refs
};

struct ReflogEntry {
    std::string name;  // "HEAD@{3}", "main@{0}", "stash@{1}"
    ObjectId target;
};

struct Refs {
    std::vector<Ref> refs;             // sorted by name; symbolic refs to branches not yet born are left out
    std::vector<ReflogEntry> reflogs;  // newest first within each log, logs sorted by name
    std::optional<ObjectId> head;
    std::string head_branch;           // "refs/heads/main", or empty where HEAD is detached or broken
};

/// git_dir and common_dir differ in a linked worktree.
Refs read_refs(const std::filesystem::path& git_dir, const std::filesystem::path& common_dir, Problems& problems);

}  // namespace r8scan::git
