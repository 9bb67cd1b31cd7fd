// A repository with the objects and refs of another and one more commit, which holds a made-up token.
#pragma once

#include <filesystem>

namespace r8scan::bench {

/// Makes a bare repository in `target` that shares the packs of `source` by links. Needs git.
void plant_token(const std::filesystem::path& source, const std::filesystem::path& target);

}  // namespace r8scan::bench
