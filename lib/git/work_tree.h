// Where a repository's working tree is: git's own rules (gitrepository-layout, git-config core.worktree), without
// trust.
//
// A repository may name any folder as its working tree. One that does not lie where the repository was found, and has
// no `.git` that leads back, is told apart: whoever reads it asks the user first.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace r8scan::git {

/// The folder that a `.git` file names, not resolved; nothing where the file is none.
std::optional<std::filesystem::path> gitfile_target(const std::filesystem::path& file);

/// Whether `folder` has a `.git`, folder or file, that is or names this git folder.
bool leads_to(const std::filesystem::path& folder, const std::filesystem::path& git_dir);

/// Whether `folder` is the top of some working tree of the repository: the main one or a linked one.
bool is_worktree_of(const std::filesystem::path& folder, const std::filesystem::path& common_dir);

struct WorkTree {
    std::filesystem::path path;  // empty: there is none
    bool is_outside = false;     // only the repository's own word leads there
};

/// What find_work_tree() needs of the configuration.
struct WorkTreeConfig {
    bool bare = false;
    std::optional<std::string> worktree;  // core.worktree
};

/// `given` is the path from which the git folder was found.
WorkTree find_work_tree(const std::filesystem::path& given, const std::filesystem::path& git_dir,
                        const std::filesystem::path& common_dir, const WorkTreeConfig& config);

}  // namespace r8scan::git
