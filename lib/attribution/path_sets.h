// PathSets: sets of (path, value), stored so that what is shared is stored once and equal sets are equal numbers.
//
// A set is a node: a sorted list of edges (element, what stands there), where a tree element leads to the set of what
// lies below it and a blob element to a list of values (tokens, or numbers of places). Nodes are interned bottom-up, so
// a node's number is larger than those of all nodes below it, and a repository in which one tree stands at 10^10 paths
// needs one node for that tree. Operations descend only where their operands differ and remember every pair of nodes
// they have met. Set 0 is the empty set.
//
// Hostile histories can make such sets grow exponentially (unions of n sets that each couple two levels need 2^n
// nodes), so operations draw on a budget of steps. Once it is spent they end early: their results mean nothing then.
#pragma once

#include "attribution/elements.h"
#include "attribution/interner.h"

#include <cstdint>
#include <span>
#include <vector>

namespace r8scan::attribution {

using SetId = std::uint32_t;
using ValuesId = std::uint32_t;

struct Edge {
    Element element = 0;
    std::uint32_t target = 0;  // SetId where the element names a tree, else ValuesId; never 0 within a set

    friend bool operator==(const Edge&, const Edge&) = default;
};

[[nodiscard]] inline std::uint64_t hash_word(const Edge& edge)
{
    return (std::uint64_t{edge.element} << 32U) | edge.target;
}

class PathSets {
public:
    explicit PathSets(std::uint64_t steps) : m_steps(steps) {}

    /// Edges must be sorted by element, without repetition, with targets other than 0.
    SetId intern(std::span<const Edge> edges) { return m_nodes.intern(edges); }

    /// Values must be sorted, without repetition.
    ValuesId intern_values(std::span<const std::uint32_t> values) { return m_values.intern(values); }

    /// The set that holds `value` at `path`, for each of `items`. Paths must be in path order and may repeat.
    struct Item {
        std::vector<Element> path;  // at least one; the last names a blob, the others trees
        std::uint32_t value = 0;
    };
    SetId build(std::span<const Item> items);

    SetId unite(SetId a, SetId b);
    SetId unite_all(std::vector<SetId> sets);
    SetId subtract(SetId from, SetId what);
    SetId intersect(SetId a, SetId b) { return subtract(a, subtract(a, b)); }

    /// Of a set here whose values stand for values of `other` (value v for other_value[v]): those that are in `pairs`
    /// of `other` at the same path. Always called with the same `other` and `other_value`, which may not change.
    SetId select(SetId from, const PathSets& other, SetId pairs, std::span<const std::uint32_t> other_value);

    ValuesId unite_all_values(std::span<const ValuesId> lists);

    [[nodiscard]] bool holds(SetId set, std::span<const Element> path, std::uint32_t value) const;

    // Both are valid until the next set or list of values is made.
    [[nodiscard]] std::span<const Edge> edges(SetId set) const { return m_nodes[set]; }
    [[nodiscard]] std::span<const std::uint32_t> values(ValuesId values) const { return m_values[values]; }

    [[nodiscard]] std::uint32_t set_count() const { return m_nodes.size(); }
    [[nodiscard]] std::uint32_t values_count() const { return m_values.size(); }

    [[nodiscard]] bool spent() const { return m_steps == 0; }

private:
    struct Frame {
        SetId left = 0;
        SetId right = 0;
        std::size_t i = 0;  // edges of the left node not yet visited: [i, i_end)
        std::size_t i_end = 0;
        std::size_t j = 0;
        std::size_t j_end = 0;
        std::size_t out = 0;  // the result's edges start here in m_scratch
        Element element = 0;  // under which the result goes into the frame above
    };

    struct Memo {
        PairMemo sets;
        PairMemo values;
    };

    // The three operations differ in what becomes of an edge that only one side has, and of two lists of values.
    struct Union;
    struct Difference;
    struct Selection;

    template <class Operation>
    SetId combine(const Operation& operation, Memo& memo, const PathSets& right_sets, SetId left, SetId right);
    template <class Operation>
    bool advance(const Operation& operation, Memo& memo, const PathSets& right_sets, Frame& frame);
    template <class Operation>
    ValuesId combine_values(const Operation& operation, Memo& memo, const PathSets& right_sets, ValuesId left,
                            ValuesId right);

    void draw(std::uint64_t steps) { m_steps -= steps < m_steps ? steps : m_steps; }

    Interner<Edge> m_nodes;
    Interner<std::uint32_t> m_values;
    Memo m_unions;
    Memo m_differences;
    Memo m_selections;
    std::vector<Frame> m_frames;
    std::vector<Edge> m_scratch;
    std::vector<std::uint32_t> m_scratch_values;
    std::uint64_t m_steps;
};

}  // namespace r8scan::attribution
