// Hashes of lines of the files in a working tree, for SARIF reports.
//
// Paths come from a repository that may be a stranger's. They are followed below the tree's top alone, never through a
// symbolic link or "..", and only regular files of moderate size are read.
#pragma once

#include "report/line_hash.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace r8scan::cmd {

class WorktreeHashes : public report::LineHashes {
public:
    /// The tree's top is the folder that holds .git, at `folder` or above; where there is none, `folder` itself.
    explicit WorktreeHashes(const std::filesystem::path& folder);

    std::optional<std::string> of(std::string_view path, std::uint64_t line) override;

private:
    std::filesystem::path m_top;
    std::map<std::string, std::vector<std::string>, std::less<>>
        m_files;  // hashes of their lines; none where unreadable
};

}  // namespace r8scan::cmd
