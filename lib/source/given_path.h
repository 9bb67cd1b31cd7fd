// A path that a caller gives, looked at before anything is listed.
#pragma once

#include <r8scan/result.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace r8scan::source {

struct GivenPath {
    std::string path;        // as reports show it: without "./" before and slashes behind, "" for the folder "."
    std::string real;        // without symbolic links; empty where that is not known
    bool is_folder = false;  // else a regular file
    std::uint64_t size = 0;
};

/// Errors: usage (empty, or neither file nor folder), not_found, and permission where it is not known what is there.
Result<GivenPath> look_at(const std::filesystem::path& path);

/// What to hand to the system for a path of a report.
inline std::string openable(const std::string& path)
{
    return path.empty() ? "." : path;
}

/// "a pipe", "a socket", "a device": for a mode of stat() that is no file, folder or link.
[[nodiscard]] const char* words_for_special(unsigned mode);

}  // namespace r8scan::source
