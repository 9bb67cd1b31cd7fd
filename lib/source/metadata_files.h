// The files of a git folder that are neither objects nor the index: configuration, reflogs, hooks, messages, the state
// of a rebase, objects of LFS; and the git folders of submodules inside it.
//
// Symbolic links are listed, not followed. What cannot be listed is a problem by name.
#pragma once

#include "util/problems.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace r8scan::source {

/// What a file of the git folder is, as far as that changes how it is told.
enum class MetadataRole : std::uint8_t {
    other,
    ref_names,  // packed-refs, HEAD and loose refs: names of refs stand there because the refs do
    reflog,
    reftable,  // binary; its text is told apart from it
    lfs_object,
};

struct MetadataFile {
    std::filesystem::path path;
    std::string name;  // as a person finds it: ".git/config", "config" in a bare repository
    bool is_symlink = false;
    MetadataRole role = MetadataRole::other;
};

struct MetadataFiles {
    std::vector<MetadataFile> files;             // sorted by name
    std::vector<std::filesystem::path> modules;  // git folders of submodules, sorted
};

/// `prefix` goes before the names: ".git/" or "".
MetadataFiles list_metadata(const std::filesystem::path& git_dir, const std::string& prefix, Problems& problems,
                            Problems& unopened);

}  // namespace r8scan::source
