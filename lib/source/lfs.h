// Git LFS as far as it lies in a repository: pointer files, and where the objects that they stand for are kept.
// Format: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
#pragma once

#include "util/bytes.h"

#include <filesystem>
#include <optional>
#include <string>

namespace r8scan::source {

/// A blob as large as this is no pointer.
inline constexpr std::uint64_t longest_lfs_pointer = 1024;

/// The SHA-256, in hex, that a pointer names; nothing where the content is no pointer.
std::optional<std::string> lfs_oid(Bytes content);

/// Where the object is kept when it was fetched or made here.
std::filesystem::path lfs_path(const std::filesystem::path& common_dir, const std::string& oid);

}  // namespace r8scan::source
