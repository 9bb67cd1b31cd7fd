// Sketch: builds the input of attribute() the way a person tells a history: files of a commit by path, parents, refs.
// Trees that hold the same files are one tree, as in git; a clock ticks once for each commit.
#pragma once

#include "attribution/input.h"

#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace r8scan::attribution::test {

using Components = std::vector<std::string>;

/// "a/b" -> {"a", "b"}
Components split(const std::string& path);

struct Entry {
    std::string name;
    Index target = none;
    bool is_tree = false;

    friend auto operator<=>(const Entry&, const Entry&) = default;
};

class Sketch {
public:
    using Files = std::map<Components, Index>;  // path -> hit blob

    /// A hit blob with these tokens.
    Index blob(std::vector<Index> tokens);

    /// The tree with these files; none if there are none.
    Index tree(const std::map<std::string, Index>& files);
    Index tree_of(const Files& files);

    /// A tree with exactly these entries, which may be damaged, and may name trees that are yet to come.
    Index raw_tree(std::vector<Entry> entries);
    void set_entries(Index tree, std::vector<Entry> entries) { m_trees[tree] = std::move(entries); }
    [[nodiscard]] const std::vector<Entry>& entries(Index tree) const { return m_trees[tree]; }
    [[nodiscard]] Index tree_count() const { return static_cast<Index>(m_trees.size()); }

    Index commit(Index tree, std::vector<Index> parents = {});
    Index commit(const std::map<std::string, Index>& files, std::vector<Index> parents = {});
    Commit& operator[](Index commit) { return m_commits[commit]; }

    void ref(const std::string& name, Index commit) { m_tips.push_back({name, commit, true}); }
    void reflog(const std::string& name, Index commit) { m_tips.push_back({name, commit, false}); }
    void head(Index commit) { m_head = commit; }

    /// Commits that refs or HEAD lead to become reachable.
    [[nodiscard]] Input input() const;

private:
    std::map<std::vector<Entry>, Index> m_known_trees;
    std::vector<std::vector<Entry>> m_trees;
    std::vector<std::vector<Index>> m_blobs;
    std::vector<Commit> m_commits;
    std::vector<Tip> m_tips;
    Index m_head = none;
};

/// The same history with commits, trees, names and blobs numbered otherwise. `commit_of` and `blob_of`, if given, go
/// from new numbers to old ones.
Input renumber(const Input& input, std::uint32_t seed, std::vector<Index>* commit_of = nullptr,
               std::vector<Index>* blob_of = nullptr);

/// Everything about a place in one line, with commits and blobs as numbers.
std::string describe(const Place& place);
std::string describe(const Output& output);

}  // namespace r8scan::attribution::test
