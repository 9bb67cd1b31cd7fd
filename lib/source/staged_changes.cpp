#include "source/staged_changes.h"

#include <algorithm>

namespace r8scan::source {

namespace {

bool is_file(const NamedEntry& entry)
{
    return !is_tree(entry) && !is_submodule(entry);
}

// A folder of a parent, and which of its entries the index has been seen to have.
struct Before {
    std::shared_ptr<const TreeListing> listing;  // null where the parent has no such folder
    std::vector<bool> is_met;

    // The entry of that name, met from now on; null where there is none.
    const NamedEntry* meet(std::string_view name)
    {
        const auto at = listing ? listing->find(name) : std::nullopt;
        if (!at) {
            return nullptr;
        }
        is_met[*at] = true;
        return &listing->entries[*at].second;
    }
};

using ChangeMap = std::map<std::pair<std::string, unsigned>, StagedChange>;  // by path and stage

// Files below a folder of a parent that the index does not have.
void add_gone(const git::ObjectId& tree, const std::string& folder, std::size_t parent, std::size_t parents,
              TreeReader& trees, ChangeMap& changes)
{
    std::vector<std::pair<std::string, git::ObjectId>> open = {{folder, tree}};
    while (!open.empty()) {
        const auto [path, id] = std::move(open.back());
        open.pop_back();
        const auto listing = trees.list(id);
        for (const auto& [name, entry] : listing->entries) {
            const auto at = path + '/' + name;
            if (is_tree(entry) && at.size() < (64U << 10U)) {
                open.emplace_back(at, entry.id);
            } else if (is_file(entry)) {
                auto& change = changes[{at, 0}];
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
        for (auto& [key, change] : m_changes) {
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
        std::vector<Before> before;
        for (const auto& other : folder.others) {
            auto& one = before.emplace_back();
            if (!other.is_zero()) {
                one.listing = m_trees.list(other);
                one.is_met.resize(one.listing->entries.size());
            }
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
                if (entry.is_tree() && sub.end - sub.begin == 1) {
                    // A folder of a sparse index stands for its tree: "a/b/", with nothing of it listed.
                    compare_folder_entry(entry, sub);
                } else {
                    m_open.push_back(std::move(sub));
                }
                continue;
            }
            // One path may have up to three entries, the versions of a conflict.
            auto next = at + 1;
            for (; next < folder.end && m_entries[next].path == entry.path; ++next) {
            }
            m_result.conflicts += entry.stage != 0 ? 1U : 0U;
            for (; at < next; ++at) {
                ++m_result.compared;
                compare_file(m_entries[at], name, before);
            }
        }
        for (std::size_t parent = 0; parent < before.size(); ++parent) {
            for (std::size_t at = 0; at < before[parent].is_met.size(); ++at) {
                if (before[parent].is_met[at]) {
                    continue;
                }
                const auto& [name, entry] = before[parent].listing->entries[at];
                const auto path = folder.path.empty() ? name : folder.path + '/' + name;
                if (is_file(entry)) {
                    auto& change = m_changes[{path, 0}];
                    change.path = path;
                    change.before.resize(m_parents);
                    change.before[parent] = entry.id;
                } else if (is_tree(entry)) {
                    add_gone(entry.id, path, parent, m_parents, m_trees, m_changes);
                }
            }
        }
    }

    void compare_file(const git::IndexEntry& entry, const std::string& name, std::vector<Before>& before)
    {
        constexpr unsigned common_ancestor = 1;
        if (entry.stage == common_ancestor) {
            for (auto& one : before) {
                one.meet(name);
            }
            return;
        }
        StagedChange change;
        change.path = entry.path;
        change.stage = entry.stage;
        change.is_new_name = true;
        bool is_same = entry.is_gitlink() || entry.intent_to_add;
        for (auto& one : before) {
            const NamedEntry* const there = one.meet(name);
            change.is_new_name = change.is_new_name && there == nullptr;
            is_same = is_same || (there != nullptr && there->id == entry.id);
            change.before.push_back(there != nullptr && is_file(*there) ? std::optional(there->id) : std::nullopt);
        }
        if (!is_same) {
            change.entry = NamedEntry{entry.mode, entry.id};
            m_changes[{change.path, change.stage}] = std::move(change);
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
            m_changes[{staged.path, 0}] = std::move(staged);
        };
        visitor.named = [](const std::string&, const std::string&, const git::ObjectId&) {};
        std::vector<git::ObjectId> others = folder.others;
        visit_changes(m_trees, entry.id, others, visitor, ignored);
    }

    static Folder subfolder(const Folder& folder, const std::string& name, std::vector<Before>& before)
    {
        Folder sub;
        sub.path = folder.path.empty() ? name : folder.path + '/' + name;
        for (auto& one : before) {
            const NamedEntry* const there = one.meet(name);
            sub.others.push_back(there != nullptr && is_tree(*there) ? there->id : git::ObjectId());
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

    const std::vector<git::IndexEntry>& m_entries;
    std::size_t m_parents;
    TreeReader& m_trees;
    std::map<std::string, git::CachedTree> m_cached;
    std::vector<Folder> m_open;
    ChangeMap m_changes;
    StagedChanges m_result;
};

}  // namespace

StagedChanges list_staged(const git::IndexFile& index, const std::vector<git::ObjectId>& parents, TreeReader& trees)
{
    return Comparison(index, parents, trees).run();
}

}  // namespace r8scan::source
