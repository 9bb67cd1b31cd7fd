// Scans the files of a repository's working tree, untracked and ignored ones too, as part of a scan of the repository.
// Paths are told from its top, as those of blobs are. Its `.git` and other working trees of the repository are left
// out.
#pragma once

#include "engine/scan_metadata.h"
#include "git/repository.h"

namespace r8scan {

struct WorktreeScan {
    std::vector<Finding> findings;
    std::uint64_t files = 0;
    std::uint64_t scanned = 0;
    std::uint64_t bytes = 0;
    std::uint64_t placeholders = 0;
    std::uint64_t places_not_listed = 0;
    std::vector<std::string> notes;
};

WorktreeScan scan_worktree(const git::Repository& repository, bool allow_outside, const MetadataContext& context);

}  // namespace r8scan
