#include "source/tree_changes.h"

#include "git/tree_entries.h"

namespace r8scan::source {

namespace {

constexpr std::uint64_t most_entries_kept = 1'000'000;
constexpr std::uint64_t most_entries_walked = 10'000'000;
constexpr std::size_t longest_path = 64U << 10U;
constexpr unsigned deepest = 4096;

bool is_tree(const NamedEntry& entry)
{
    return (entry.mode & 0170000U) == 0040000U;
}
bool is_submodule(const NamedEntry& entry)
{
    return (entry.mode & 0170000U) == 0160000U;
}

// A folder still to be looked at.
struct Folder {
    std::string path;
    git::ObjectId tree;
    std::vector<git::ObjectId> others;  // what stands at the same path in each of the others; zero where no folder does
    unsigned depth = 0;
};

}  // namespace

const TreeListing& TreeReader::list(const git::ObjectId& tree)
{
    if (const auto kept = m_kept.find(tree); kept != m_kept.end()) {
        return kept->second;
    }
    if (m_kept_entries > most_entries_kept) {
        m_kept.clear();
        m_kept_entries = 0;
    }
    auto& listing = m_kept[tree];
    const auto object = m_objects.read(tree);
    if (!object || object->type != git::ObjectType::tree) {
        const bool missing = !object && object.error().code() == ErrorCode::not_found;
        m_problems.add(missing ? "missing object" : "damaged object",
                       object ? "tree " + tree.hex() + ": is a " + to_string(object->type)
                              : "tree " + tree.hex() + ": " + object.error().message());
        listing.intact = false;
        return listing;
    }
    git::TreeEntry entry;
    for (std::size_t at = 0; at < object->content.size(); at = entry.end) {
        if (!git::parse_tree_entry(object->content, at, tree.size, entry)) {
            m_problems.add("damaged object", "tree " + tree.hex() + ": malformed entry at byte " + std::to_string(at));
            listing.intact = false;
            break;
        }
        listing.entries.try_emplace(std::string(entry.name), NamedEntry{entry.mode, git::ObjectId::from_raw(entry.id)});
    }
    m_kept_entries += listing.entries.size();
    return listing;
}

std::optional<NamedEntry> TreeReader::find(const git::ObjectId& tree, std::string_view path)
{
    auto folder = tree;
    for (;;) {
        const auto slash = path.find('/');
        const auto& entries = list(folder).entries;
        const auto at = entries.find(path.substr(0, slash));
        if (at == entries.end() || (slash != std::string_view::npos && !is_tree(at->second))) {
            return std::nullopt;
        }
        if (slash == std::string_view::npos) {
            return at->second;
        }
        folder = at->second.id;
        path.remove_prefix(slash + 1);
    }
}

void visit_changes(TreeReader& trees, const git::ObjectId& tree, const std::vector<git::ObjectId>& others,
                   const TreeChangeVisitor& visitor, Problems& problems)
{
    std::uint64_t walked = 0;
    std::vector<Folder> open = {{"", tree, others, 0}};
    while (!open.empty()) {
        const auto folder = std::move(open.back());
        open.pop_back();
        std::vector<std::map<std::string, NamedEntry, std::less<>>> before;
        for (const auto& other : folder.others) {
            before.push_back(other.is_zero() ? decltype(TreeListing::entries)() : trees.list(other).entries);
        }
        const auto listing = trees.list(folder.tree).entries;  // a copy: list() below may drop it
        for (const auto& [name, entry] : listing) {
            bool is_there = false;
            bool is_same = false;
            TreeChange change{folder.path.empty() ? name : folder.path + '/' + name, entry, {}};
            std::vector<git::ObjectId> subfolders;
            for (const auto& entries : before) {
                const auto at = entries.find(name);
                const bool found = at != entries.end();
                is_there = is_there || found;
                is_same = is_same || (found && at->second.id == entry.id && is_tree(at->second) == is_tree(entry));
                subfolders.push_back(found && is_tree(at->second) ? at->second.id : git::ObjectId());
                change.before.push_back(found && !is_tree(at->second) && !is_submodule(at->second)
                                            ? std::optional(at->second.id)
                                            : std::nullopt);
            }
            if (!is_there) {
                visitor.named(folder.path, name, folder.tree);
            }
            if (is_same || is_submodule(entry)) {
                continue;
            }
            if (++walked > most_entries_walked || folder.depth == deepest || change.path.size() > longest_path) {
                problems.add("history over a limit", "tree " + tree.hex() + ": more entries, or longer paths, than are followed",
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
