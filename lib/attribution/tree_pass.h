// Reads all trees once, after something was found: which tree holds which tree, and which holds a blob with a hit.
//
// Model: the delta walk over trees. A tree built from a delta shares most entries with its base, so where the delta
// copies whole entries, what was learnt of them is copied too, and only entries that an insert or an edge touches are
// parsed. The same entries, once each, are checked to be there at all: this is the full connectivity check.
#pragma once

#include "git/object_reader.h"
#include "util/problems.h"

#include <atomic>
#include <functional>

namespace r8scan::attribution {

/// An entry of a tree that leads on: a subtree, or a blob with a hit.
struct TreeLink {
    git::EntryIndex target = git::no_entry;
    std::uint32_t name = 0;  // into TreePass::names
};

struct TreePass {
    std::vector<std::string> names;
    std::vector<git::EntryIndex> trees;     // sorted, primary entries
    std::vector<std::uint64_t> link_begin;  // tree i has links [link_begin[i], link_begin[i] + link_count[i])
    std::vector<std::uint32_t> link_count;
    std::vector<std::vector<TreeLink>> links;  // one list for each thread: link_list[i] says which
    std::vector<std::uint16_t> link_list;

    [[nodiscard]] std::span<const TreeLink> links_of(std::size_t tree) const
    {
        return std::span(links[link_list[tree]]).subspan(link_begin[tree], link_count[tree]);
    }
};

struct TreePassOptions {
    unsigned threads = 1;
    git::ReadLimits limits;
    const std::atomic<bool>* stop = nullptr;
    std::string missing_advice;  // the way out for objects that are not there
    /// Reads an object that has gone from where it was listed, because a repack moved it; may be empty.
    std::function<Result<git::ReadObject>(const git::ObjectId&)> find_again = {};
};

/// hit_blobs are primary entries, sorted.
TreePass read_trees(const git::ObjectTable& table, const std::vector<git::EntryIndex>& hit_blobs,
                    const TreePassOptions& options, Problems& problems);

}  // namespace r8scan::attribution
