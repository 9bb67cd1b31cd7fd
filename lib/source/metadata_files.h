// The files of a git folder that are neither objects nor the index: configuration, reflogs, hooks, messages, the state
// of a rebase, objects of LFS; and the git folders of submodules inside it.
//
// Symbolic links are listed, not followed. What cannot be listed is a problem by name.
#pragma once

#include "util/problems.h"

#include <filesystem>
#include <string>
#include <vector>

namespace r8scan::source {

struct MetadataFile {
    std::filesystem::path path;
    std::string name;         // as a person finds it: ".git/config", "config" in a bare repository
    bool is_symlink = false;
    bool is_lfs_object = false;
};

struct MetadataFiles {
    std::vector<MetadataFile> files;             // sorted by name
    std::vector<std::filesystem::path> modules;  // git folders of submodules, sorted
};

/// `prefix` goes before the names: ".git/" or "".
MetadataFiles list_metadata(const std::filesystem::path& git_dir, const std::string& prefix, Problems& problems,
                            Problems& unopened);

}  // namespace r8scan::source
