#include "git/linked_worktrees.h"

#include "util/file.h"

#include <algorithm>

namespace r8scan::git {

namespace fs = std::filesystem;

Result<std::vector<std::string>> linked_worktrees(const fs::path& common_dir)
{
    const auto folder = common_dir / "worktrees";
    std::vector<std::string> names;
    std::error_code error;
    fs::directory_iterator at(folder, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error)) {
        names.push_back(at->path().filename().native());
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        return system_error(folder, error.value());
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace r8scan::git
