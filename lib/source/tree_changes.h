// What a tree holds that none of some other trees holds at the same place: what a commit brings over its parents.
//
// Folders that are the same as in one of the others are not entered, so the cost is that of what changed. No recursion.
#pragma once

#include "git/object_database.h"
#include "util/problems.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>

namespace r8scan::source {

struct NamedEntry {
    std::uint32_t mode = 0;  // octal, as in the tree
    git::ObjectId id;
};
[[nodiscard]] bool is_tree(const NamedEntry& entry);
[[nodiscard]] bool is_submodule(const NamedEntry& entry);

/// The entries of one tree. Bytes behind the last sound entry are damage: `intact` is false then.
struct TreeListing {
    std::vector<std::pair<std::string, NamedEntry>> entries;  // by name, each name once
    bool intact = true;

    /// The number of the entry with this name; nothing where there is none.
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
};

/// Names each tree that cannot be read once, whichever reader meets it, and counts those that were. Any thread.
class TreeProblems {
public:
    explicit TreeProblems(Problems& problems) : m_problems(problems) {}
    void add(const git::ObjectId& tree, const std::string& reason, const std::string& what);
    void count_read(const git::ObjectId& tree, std::uint64_t bytes);

    /// Distinct trees, and their bytes; when all readers are done.
    [[nodiscard]] std::uint64_t trees_read() const { return m_read.size(); }
    [[nodiscard]] std::uint64_t bytes_read() const { return m_bytes; }

private:
    Problems& m_problems;
    std::mutex m_mutex;
    std::set<git::ObjectId> m_named;
    std::set<git::ObjectId> m_read;
    std::uint64_t m_bytes = 0;
};

/// Reads trees and keeps what it read lately. One thread.
class TreeReader {
public:
    TreeReader(git::ObjectDatabase& objects, TreeProblems& problems) : m_objects(objects), m_problems(problems) {}

    /// Never null: an empty listing, and a problem by name, where the tree cannot be read.
    std::shared_ptr<const TreeListing> list(const git::ObjectId& tree);
    /// The entry at a path; nothing where there is none.
    std::optional<NamedEntry> find(const git::ObjectId& tree, std::string_view path);

private:
    std::shared_ptr<const TreeListing> read(const git::ObjectId& tree);

    git::ObjectDatabase& m_objects;
    TreeProblems& m_problems;
    std::map<git::ObjectId, std::shared_ptr<const TreeListing>> m_kept;
    std::uint64_t m_kept_entries = 0;
};

/// A file or symbolic link that the tree holds, and what each of the others has at its path.
struct TreeChange {
    std::string path;
    NamedEntry entry;
    std::vector<std::optional<git::ObjectId>> before;  // of files only
};

struct TreeChangeVisitor {
    std::function<void(const TreeChange&)> changed;
    /// A name that none of the others has in that folder: the folder ("" or "a/b"), the name, and the tree it stands
    /// in.
    std::function<void(const std::string& folder, const std::string& name, const git::ObjectId& tree)> named;
};

/// Visits what `tree` has and none of `others` has at the same path. Submodules are passed over. A walk over more than
/// ten million entries, deeper than 4096 folders or with paths over 64 KiB is cut, and named as a problem.
void visit_changes(TreeReader& trees, const git::ObjectId& tree, const std::vector<git::ObjectId>& others,
                   const TreeChangeVisitor& visitor, Problems& problems);

}  // namespace r8scan::source
