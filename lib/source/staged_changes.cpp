#include "source/staged_changes.h"

#include <algorithm>

namespace r8scan::source {

namespace {

bool is_file(const NamedEntry& entry)
{
    const auto type = entry.mode & 0170000U;
    return type != 0040000U && type != 0160000U;
}

// Files below a folder of a parent that the index does not have.
void add_gone(const git::ObjectId& tree, const std::string& folder, std::size_t parent, std::size_t parents,
              TreeReader& trees, std::map<std::string, StagedChange>& changes)
{
    std::vector<std::pair<std::string, git::ObjectId>> open = {{folder, tree}};
    while (!open.empty()) {
        const auto [path, id] = std::move(open.back());
        open.pop_back();
        const auto listing = trees.list(id).entries;
        for (const auto& [name, entry] : listing) {
            const auto at = path + '/' + name;
            if ((entry.mode & 0170000U) == 0040000U && at.size() < (64U << 10U)) {
                open.emplace_back(at, entry.id);
            } else if (is_file(entry)) {
                auto& change = changes[at];
                change.path = at;
                change.before.resize(parents);
                change.before[parent] = entry.id;
            }
        }
    }
}

// The folders of the index, one after the other, against the trees of the parents at the same path.
class Comparison {
public:
    Comparison(const git::IndexFile& index, const std::vector<git::ObjectId>& parents, TreeReader& trees)
        : m_entries(index.entries()), m_parents(parents.size()), m_trees(trees)
    {
        for (const auto& tree : index.cached_trees()) {
            m_cached.emplace(tree.path, tree);
        }
        m_open.push_back({"", 0, m_entries.size(), parents});
    }

    StagedChanges run()
    {
        while (!m_open.empty()) {
            auto folder = std::move(m_open.back());
            m_open.pop_back();
            compare(folder);
        }
        for (auto& [path, change] : m_changes) {
            m_result.changes.push_back(std::move(change));
        }
        return std::move(m_result);
    }

private:
    struct Folder {
        std::string path;
        std::size_t begin = 0;  // its entries in the index
        std::size_t end = 0;
        std::vector<git::ObjectId> others;  // its tree in each parent; zero where it is none
    };

    void compare(const Folder& folder)
    {
        const auto cached = m_cached.find(folder.path);
        if (cached != m_cached.end() && cached->second.entry_count == folder.end - folder.begin &&
            std::find(folder.others.begin(), folder.others.end(), cached->second.id) != folder.others.end()) {
            return;
        }
        std::vector<std::map<std::string, NamedEntry, std::less<>>> before;
        for (const auto& other : folder.others) {
            before.push_back(other.is_zero() ? decltype(TreeListing::entries)() : m_trees.list(other).entries);
        }
        const auto prefix = folder.path.empty() ? 0 : folder.path.size() + 1;
        for (auto at = folder.begin; at < folder.end;) {
            const auto& entry = m_entries[at];
            const auto rest = entry.path.substr(std::min(prefix, entry.path.size()));
            const auto slash = rest.find('/');
            const std::string name(rest.substr(0, slash));
            if (slash != std::string_view::npos) {
                auto sub = subfolder(folder, name, before);
                sub.begin = at;
                sub.end = end_of(at, folder.end, sub.path);
                at = sub.end;
                forget(before, name);
                if (entry.is_tree() && sub.end - sub.begin == 1) {
                    // A folder of a sparse index stands for its tree: "a/b/", with nothing of it listed.
                    compare_folder_entry(entry, sub);
                } else {
                    m_open.push_back(std::move(sub));
                }
                continue;
            }
            ++at;
            ++m_result.compared;
            compare_file(entry, name, before);
        }
        for (std::size_t parent = 0; parent < before.size(); ++parent) {
            for (const auto& [name, entry] : before[parent]) {
                const auto path = folder.path.empty() ? name : folder.path + '/' + name;
                if (is_file(entry)) {
                    auto& change = m_changes[path];
                    change.path = path;
                    change.before.resize(m_parents);
                    change.before[parent] = entry.id;
                } else if ((entry.mode & 0170000U) == 0040000U) {
                    add_gone(entry.id, path, parent, m_parents, m_trees, m_changes);
                }
            }
        }
    }

    void compare_file(const git::IndexEntry& entry, const std::string& name,
                      std::vector<std::map<std::string, NamedEntry, std::less<>>>& before)
    {
        if (entry.stage != 0) {
            ++m_result.unmerged;
            return forget(before, name);
        }
        StagedChange change;
        change.path = entry.path;
        change.is_new_name = true;
        bool is_same = entry.is_gitlink() || entry.intent_to_add;
        for (const auto& entries : before) {
            const auto at = entries.find(name);
            const bool found = at != entries.end();
            change.is_new_name = change.is_new_name && !found;
            is_same = is_same || (found && at->second.id == entry.id);
            change.before.push_back(found && is_file(at->second) ? std::optional(at->second.id) : std::nullopt);
        }
        forget(before, name);
        if (!is_same) {
            change.entry = NamedEntry{entry.mode, entry.id};
            m_changes[change.path] = std::move(change);
        }
    }

    void compare_folder_entry(const git::IndexEntry& entry, const Folder& folder)
    {
        if (std::find(folder.others.begin(), folder.others.end(), entry.id) != folder.others.end()) {
            return;
        }
        Problems ignored;
        source::TreeChangeVisitor visitor;
        visitor.changed = [&](const TreeChange& change) {
            StagedChange staged;
            staged.path = folder.path + '/' + change.path;
            staged.entry = change.entry;
            staged.before = change.before;
            m_changes[staged.path] = std::move(staged);
        };
        visitor.named = [](const std::string&, const std::string&, const git::ObjectId&) {};
        std::vector<git::ObjectId> others = folder.others;
        visit_changes(m_trees, entry.id, others, visitor, ignored);
    }

    Folder subfolder(const Folder& folder, const std::string& name,
                     const std::vector<std::map<std::string, NamedEntry, std::less<>>>& before) const
    {
        Folder sub;
        sub.path = folder.path.empty() ? name : folder.path + '/' + name;
        for (const auto& entries : before) {
            const auto at = entries.find(name);
            const bool is_tree = at != entries.end() && (at->second.mode & 0170000U) == 0040000U;
            sub.others.push_back(is_tree ? at->second.id : git::ObjectId());
        }
        return sub;
    }

    // Entries are sorted by path, so those of a folder stand together.
    [[nodiscard]] std::size_t end_of(std::size_t begin, std::size_t end, const std::string& path) const
    {
        const auto prefix = path + '/';
        const auto at = std::partition_point(m_entries.begin() + static_cast<std::ptrdiff_t>(begin),
                                             m_entries.begin() + static_cast<std::ptrdiff_t>(end),
                                             [&](const git::IndexEntry& e) { return e.path.starts_with(prefix); });
        return std::max(begin + 1, static_cast<std::size_t>(at - m_entries.begin()));
    }

    static void forget(std::vector<std::map<std::string, NamedEntry, std::less<>>>& before, const std::string& name)
    {
        for (auto& entries : before) {
            entries.erase(name);
        }
    }

    const std::vector<git::IndexEntry>& m_entries;
    std::size_t m_parents;
    TreeReader& m_trees;
    std::map<std::string, git::CachedTree> m_cached;
    std::vector<Folder> m_open;
    std::map<std::string, StagedChange> m_changes;
    StagedChanges m_result;
};

}  // namespace

StagedChanges list_staged(const git::IndexFile& index, const std::vector<git::ObjectId>& parents, TreeReader& trees)
{
    return Comparison(index, parents, trees).run();
}

}  // namespace r8scan::source
