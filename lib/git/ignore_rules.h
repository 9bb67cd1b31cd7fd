// Which entries of a folder git would ignore: .gitignore files from the top of the work tree down, .git/info/exclude,
// and the index, because what is tracked is never ignored. The user's core.excludesFile does not count.
//
// The rules are our own reading of the format: libgit2 1.5 drops a `!name` whose positive rule stands in a folder
// above, reads every file again for every question, and waits for ever on a FIFO. It finds the repository and reads the
// index. Where there is no repository, the folder asked for is the top. A repository inside has its own rules. One
// thread.
#pragma once

#include "util/ignore_pattern.h"
#include "git/repository.h"

#include <memory>

namespace r8scan::git {

/// The rules for the entries of one folder. Cheap to copy: what folders share is shared.
class IgnoreRules {
public:
    /// For a real path (no symbolic links in it). Looks upwards for the repository and takes the rules on the way down.
    /// The error is for a repository whose rules cannot be known: then nothing there may be left out.
    static Result<IgnoreRules> of_folder(const std::filesystem::path& folder);

    /// For a folder inside this one. `ignored`: it matched a rule and is only gone through for what is tracked in it.
    [[nodiscard]] IgnoreRules of_subfolder(const std::filesystem::path& folder, std::string_view name,
                                           bool ignored) const;

    /// Whether an entry of this folder matches a rule, and is not in the index.
    [[nodiscard]] bool is_ignored(std::string_view name, bool is_folder) const;
    /// Whether the index holds something below an entry of this folder.
    [[nodiscard]] bool has_tracked(std::string_view name) const;

private:
    // The patterns of one file, and those that count less.
    struct Level {
        std::shared_ptr<const Level> above;
        std::vector<IgnorePattern> patterns;
        std::size_t prefix = 0;  // bytes of an entry's path, from the top, that lead to the file's folder
    };
    void add_file(const std::filesystem::path& file, std::size_t prefix);

    std::shared_ptr<const Level> m_rules;
    std::shared_ptr<const std::vector<std::string>> m_tracked;  // sorted, from the top
    std::string m_prefix;                                       // of this folder, from the top: "" or "src/lib/"
    bool m_all_ignored = false;
};

}  // namespace r8scan::git
