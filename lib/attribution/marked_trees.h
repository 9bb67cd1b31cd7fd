// MarkedTrees: for each marked tree the set S of (path, token) below it, and the way back from a path to its blob.
//
// S depends on nothing but the tree itself: sets are made bottom-up and shared, so the cost is that of the entries, not
// of the paths. For the same reason the caps on depth and length are measured from the bottom: a tree whose longest
// path is at the cap is cut off from what holds it, and what one hostile commit stacks on top of a tree takes nothing
// away from the others that hold it.
#pragma once

#include "attribution/elements.h"
#include "attribution/input.h"
#include "attribution/path_sets.h"

#include <cstdint>
#include <span>
#include <vector>

namespace r8scan::attribution {

class MarkedTrees {
public:
    /// Makes the sets in `sets`. The arguments must outlive the object.
    MarkedTrees(const Input& input, const Limits& limits, const Elements& elements, PathSets& sets);

    /// S of a tree; the empty set for `none` and for a tree that is left out.
    [[nodiscard]] SetId set_of(Index tree) const { return tree == none ? 0 : m_sets_of[tree]; }

    /// Gathers the trees that none of `roots` leads to into one tree of their own, which holds the entries of all those
    /// that are in no other of them. Its number, or none where there are none.
    Index gather_dangling(std::span<const Index> roots);

    /// The hit blobs at `path` of a tree: several where names repeat, in the order of the entries.
    [[nodiscard]] std::vector<Index> find_blobs(Index tree, std::span<const Element> path) const;

    [[nodiscard]] std::uint64_t in_cycles() const { return m_in_cycles; }
    [[nodiscard]] std::uint64_t too_deep() const { return m_too_deep; }

private:
    struct Entry {
        Element element = 0;
        Index target = none;  // none: cut off or left out
    };
    struct Extent {
        std::uint64_t levels = 0;  // components of the longest path, this tree's included
        std::uint64_t bytes = 0;   // of the longest path
    };

    void sort_entries(Index tree);
    void cut_entries(Index tree);
    SetId make_set(Index tree);

    const Input& m_input;
    const Limits& m_limits;
    const Elements& m_elements;
    PathSets& m_sets;
    std::vector<std::size_t> m_begin;  // tree -> its entries in m_entries, sorted by element
    std::vector<Entry> m_entries;
    std::vector<char> m_left_out;
    std::vector<char> m_cut;
    std::vector<Extent> m_extents;
    std::vector<SetId> m_sets_of;
    std::vector<ValuesId> m_values_of;  // hit blob -> its tokens
    std::vector<Edge> m_edges;          // scratch
    std::uint64_t m_in_cycles = 0;
    std::uint64_t m_too_deep = 0;
};

}  // namespace r8scan::attribution
