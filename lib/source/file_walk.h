// Lists the files below the paths that a caller gives: in order of path below each, each file once.
//
// Symbolic links are not followed but listed, since their text may hold a token; one that is given is followed. Folders
// are gone through with a stack of our own, other file systems are entered. What cannot be listed is named.
#pragma once

#include <r8scan/result.h>

#include "source/file_list.h"
#include "util/problems.h"

#include <atomic>
#include <filesystem>

namespace r8scan::source {

struct WalkOptions {
    std::vector<std::filesystem::path> paths;
    bool respect_ignore = false;
    const std::atomic<bool>* stop = nullptr;  // may be null
    /// Of a working tree, the (common) git folder of its repository: other working trees of it are not entered.
    std::filesystem::path repository = {};
};

struct WalkResult {
    FileList list;
    std::uint64_t git_folders = 0;  // `.git`, folders or files that name one, not entered; without that of the repository
    std::uint64_t ignored_files = 0;
    std::uint64_t ignored_folders = 0;
    std::vector<std::string> notes;            // about ignore rules that are not known
    std::vector<std::string> other_worktrees;  // of WalkOptions::repository, not entered
};

/// The error is for a path that does not exist, or that is neither file nor folder: nothing was listed then. What
/// should have been listed and was not goes into problems, pipes and devices on the way into unopened.
Result<WalkResult> list_files(const WalkOptions& options, Problems& problems, Problems& unopened);

}  // namespace r8scan::source
