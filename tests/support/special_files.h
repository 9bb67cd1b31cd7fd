// Files that are none: pipes and sockets in a folder.
#pragma once

#include <filesystem>

namespace r8scan::test {

/// Throw std::system_error where they cannot be made.
void make_pipe(const std::filesystem::path& path);
void make_socket(const std::filesystem::path& path);

}  // namespace r8scan::test
