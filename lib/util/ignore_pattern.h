// One line of a .gitignore: https://git-scm.com/docs/gitignore, "PATTERN FORMAT", as git's dir.c and wildmatch.c read
// it.
//
// A pattern is kept as components between slashes. A component matches one name, with `*`, `?` and `[…]`; a component
// `**` matches any number of names. Both levels match by going back to the last star only, so no pattern costs more
// than its length times the path's. Case counts, whatever core.ignorecase says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan {

class IgnorePattern {
public:
    /// Nothing for an empty line or a comment. The line comes without its end.
    static std::optional<IgnorePattern> parse(std::string_view line);

    /// Whether it matches an entry: `path` relative to the folder of the .gitignore, its components between slashes.
    [[nodiscard]] bool matches(std::string_view path, bool is_folder) const;

    /// Whether it matches the file at the path or a folder above it. Adds to `steps` how many it took, so that who asks
    /// with a stranger's patterns can stop in time.
    [[nodiscard]] bool matches_at_or_above(std::string_view path, std::uint64_t& steps) const;

    [[nodiscard]] bool is_negated() const { return m_negated; }

private:
    std::vector<std::string> m_components;
    bool m_negated = false;
    bool m_folders_only = false;
    bool m_anchored = false;  // holds a slash, so matches the whole path and not the name alone
};

/// Whether a glob without slashes matches a name; adds its steps.
[[nodiscard]] bool glob_matches(std::string_view glob, std::string_view name, std::uint64_t& steps);

}  // namespace r8scan
