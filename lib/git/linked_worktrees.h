// The work trees that share a repository: a folder for each below `worktrees/` of the common git folder.
// https://git-scm.com/docs/gitrepository-layout (worktrees)
#pragma once

#include <r8scan/result.h>

#include <filesystem>
#include <string>
#include <vector>

namespace r8scan::git {

/// Names of their folders, sorted; none where there is no `worktrees/`. The error is for a folder that cannot be listed.
Result<std::vector<std::string>> linked_worktrees(const std::filesystem::path& common_dir);

}  // namespace r8scan::git
