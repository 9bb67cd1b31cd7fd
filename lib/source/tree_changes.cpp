#include "source/tree_changes.h"

#include "git/tree_entries.h"

#include <algorithm>

namespace r8scan::source {

namespace {

constexpr std::uint64_t most_entries_kept = 1'000'000;
constexpr std::uint64_t most_entries_walked = 10'000'000;
constexpr std::size_t longest_path = 64U << 10U;
constexpr unsigned deepest = 4096;

// A folder still to be looked at.
struct Folder {
    std::string path;
    git::ObjectId tree;
    std::vector<git::ObjectId> others;  // what stands at the same path in each of the others; zero where no folder does
    unsigned depth = 0;
};

}  // namespace

bool is_tree(const NamedEntry& entry)
{
    return (entry.mode & 0170000U) == 0040000U;
}

bool is_submodule(const NamedEntry& entry)
{
    return (entry.mode & 0170000U) == 0160000U;
}

std::optional<std::size_t> TreeListing::find(std::string_view name) const
{
    const auto at = std::lower_bound(entries.begin(), entries.end(), name,
                                     [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
    if (at == entries.end() || at->first != name) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(at - entries.begin());
}

void TreeProblems::count_read(const git::ObjectId& tree, std::uint64_t bytes)
{
    const std::lock_guard lock(m_mutex);
    m_bytes += m_read.insert(tree).second ? bytes : 0;
}

void TreeProblems::add(const git::ObjectId& tree, const std::string& reason, const std::string& what)
{
    const std::lock_guard lock(m_mutex);
    if (m_named.insert(tree).second) {
        m_problems.add(reason, "tree " + tree.hex() + ": " + what);
    }
}

std::shared_ptr<const TreeListing> TreeReader::list(const git::ObjectId& tree)
{
    if (const auto kept = m_kept.find(tree); kept != m_kept.end()) {
        return kept->second;
    }
    if (m_kept_entries > most_entries_kept) {
        m_kept.clear();
        m_kept_entries = 0;
    }
    auto listing = read(tree);
    m_kept_entries += listing->entries.size() + 1;
    m_kept.emplace(tree, listing);
    return listing;
}

std::shared_ptr<const TreeListing> TreeReader::read(const git::ObjectId& tree)
{
    auto listing = std::make_shared<TreeListing>();
    const auto object = m_objects.read(tree);
    if (!object || object->type != git::ObjectType::tree) {
        const bool missing = !object && object.error().code() == ErrorCode::not_found;
        m_problems.add(tree, missing ? "missing object" : "damaged object",
                       object ? std::string("is a ") + to_string(object->type) : object.error().message());
        listing->intact = false;
        return listing;
    }
    m_problems.count_read(tree, object->content.size());
    auto& entries = listing->entries;
    git::TreeEntry entry;
    for (std::size_t at = 0; at < object->content.size(); at = entry.end) {
        if (!git::parse_tree_entry(object->content, at, tree.size, entry)) {
            m_problems.add(tree, "damaged object", "malformed entry at byte " + std::to_string(at));
            listing->intact = false;
            break;
        }
        entries.emplace_back(std::string(entry.name), NamedEntry{entry.mode, git::ObjectId::from_raw(entry.id)});
    }
    // A tree sorts folders as if a slash stood behind their names, so names alone are almost in order. Of a name that
    // stands twice git takes the first.
    std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    const auto same_name = [](const auto& a, const auto& b) { return a.first == b.first; };
    entries.erase(std::unique(entries.begin(), entries.end(), same_name), entries.end());
    return listing;
}

std::optional<NamedEntry> TreeReader::find(const git::ObjectId& tree, std::string_view path)
{
    auto folder = tree;
    for (;;) {
        const auto slash = path.find('/');
        const auto listing = list(folder);
        const auto at = listing->find(path.substr(0, slash));
        if (!at || (slash != std::string_view::npos && !is_tree(listing->entries[*at].second))) {
            return std::nullopt;
        }
        const auto& entry = listing->entries[*at].second;
        if (slash == std::string_view::npos) {
            return entry;
        }
        folder = entry.id;
        path.remove_prefix(slash + 1);
    }
}

void visit_changes(TreeReader& trees, const git::ObjectId& tree, const std::vector<git::ObjectId>& others,
                   const TreeChangeVisitor& visitor, Problems& problems)
{
    std::uint64_t walked = 0;
    std::vector<Folder> open = {{"", tree, others, 0}};
    std::vector<const NamedEntry*> found;  // what each of the others has under a name
    while (!open.empty()) {
        const auto folder = std::move(open.back());
        open.pop_back();
        std::vector<std::shared_ptr<const TreeListing>> before;
        for (const auto& other : folder.others) {
            before.push_back(other.is_zero() ? nullptr : trees.list(other));
        }
        const auto listing = trees.list(folder.tree);
        for (const auto& [name, entry] : listing->entries) {
            bool is_there = false;
            bool is_same = false;
            found.assign(before.size(), nullptr);
            for (std::size_t other = 0; other < before.size(); ++other) {
                if (const auto at = before[other] ? before[other]->find(name) : std::nullopt) {
                    found[other] = &before[other]->entries[*at].second;
                    is_there = true;
                    is_same = is_same || (found[other]->id == entry.id && is_tree(*found[other]) == is_tree(entry));
                }
            }
            if (!is_there) {
                visitor.named(folder.path, name, folder.tree);
            }
            if (is_same || is_submodule(entry)) {
                continue;
            }
            TreeChange change{folder.path.empty() ? name : folder.path + '/' + name, entry, {}};
            std::vector<git::ObjectId> subfolders;
            for (const NamedEntry* const there : found) {
                const bool is_folder = there != nullptr && is_tree(*there);
                const bool is_file = there != nullptr && !is_folder && !is_submodule(*there);
                subfolders.push_back(is_folder ? there->id : git::ObjectId());
                change.before.push_back(is_file ? std::optional(there->id) : std::nullopt);
            }
            if (++walked > most_entries_walked || folder.depth == deepest || change.path.size() > longest_path) {
                problems.add("history over a limit",
                             "tree " + tree.hex() + ": more entries, or longer paths, than are followed",
                             "scan the whole repository: r8scan git");
                return;
            }
            if (is_tree(entry)) {
                open.push_back({std::move(change.path), entry.id, std::move(subfolders), folder.depth + 1});
            } else {
                visitor.changed(change);
            }
        }
    }
}

}  // namespace r8scan::source
