// Finds the git folder of a path, as git does, and takes no stranger's word for where it lies.
//
// From the path upwards, in the same file system: a folder `.git`, a file `.git` that names a folder, or a folder that
// is itself a git folder. What a repository's own files name may lie anywhere on the machine, so it is followed only
// where it is *inside*, or where the other side says the same:
// - a `.git` file (or a symbolic link) leads to a folder below its own, or to one whose `gitdir` file or whose
//   core.worktree names the folder that the `.git` stands in: a linked worktree, a submodule;
// - `commondir` leads to a folder of which the git folder is `worktrees/NAME`, or to one below the git folder.
// Everything else is outside, and followed only where the user allows it.
#pragma once

#include <r8scan/result.h>

#include <filesystem>

namespace r8scan::git {

struct Discovered {
    std::filesystem::path git_dir;     // absolute, resolved
    std::filesystem::path common_dir;  // the git folder itself, or that of the repository whose linked worktree it is
    std::filesystem::path folder;      // in which `.git` was found; empty for a git folder that was found itself
};

/// not_found: there is no repository. permission: something may not be read, or lies outside. `is_git_dir` says that the
/// path is the git folder itself, or a file that names it.
Result<Discovered> discover(const std::filesystem::path& path, bool is_git_dir, bool allow_outside);

}  // namespace r8scan::git
