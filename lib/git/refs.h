// Refs and reflogs, of files (gitrepository-layout) and of reftables, read strictly: a ref that cannot be read is a
// problem by name. libgit2's iterator leaves such refs out without a word, and knows neither 32-byte ids nor reftables.
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

/// Text of reftables, of which no file holds it as it is: reflogs, and what was deleted and not yet compacted away.
struct RefText {
    std::string place;  // below the common folder: "reftable!logs/refs/heads/main", "reftable!deleted/refs/heads/gone"
    std::string text;   // lines of a reflog, newest first, as `git reflog show` has them
    bool is_log = false;
};

struct Refs {
    std::vector<Ref> refs;             // sorted by name; symbolic refs to branches not yet born are left out
    std::vector<ReflogEntry> reflogs;  // newest first within each log, logs sorted by name
    std::optional<ObjectId> head;
    std::string head_branch;     // "refs/heads/main", or empty where HEAD is detached or broken
    std::vector<RefText> texts;  // sorted by work tree; empty where refs are files
};

/// Where refs are, and how they are stored there.
struct RefPlaces {
    std::filesystem::path git_dir;
    std::filesystem::path common_dir;  // differs from git_dir in a linked work tree
    std::string storage = "files";     // or "reftable"
    HashAlgorithm hash = HashAlgorithm::sha1;
};

/// Whether refs of such a repository can be read.
inline bool is_known_ref_storage(std::string_view storage)
{
    return storage == "files" || storage == "reftable";
}

/// An unknown storage is read as if there were no refs: the caller asks before.
Refs read_refs(const RefPlaces& places, Problems& problems);

}  // namespace r8scan::git
