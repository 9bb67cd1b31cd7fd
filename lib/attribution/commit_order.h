// CommitOrder: the commits in the order of all output, parents first, with parents cleaned up: each once, and none that
// leads back to its own child.
#pragma once

#include "attribution/graph.h"
#include "attribution/input.h"

#include <cstdint>
#include <span>
#include <vector>

namespace r8scan::attribution {

class CommitOrder {
public:
    explicit CommitOrder(const Input& input);

    /// Every commit that is not left out. Of the commits whose parents are all before it, the next is the one with the
    /// earliest committer time, then with the smallest id.
    [[nodiscard]] const std::vector<Index>& order() const { return m_order; }

    /// Where a commit stands in order(); none for one that is left out because it leads back to itself.
    [[nodiscard]] Index position(Index commit) const { return m_position[commit]; }
    [[nodiscard]] bool is_left_out(Index commit) const { return m_position[commit] == none; }
    [[nodiscard]] std::uint64_t in_cycles() const { return m_in_cycles; }

    [[nodiscard]] std::span<const Index> parents(Index commit) const
    {
        return std::span(m_parents.targets)
            .subspan(m_parents.begin[commit], m_parents.begin[commit + 1] - m_parents.begin[commit]);
    }

    /// Some parent is not there, or is left out.
    [[nodiscard]] bool misses_parent(Index commit) const { return m_misses_parent[commit] != 0; }

private:
    Graph m_parents;
    std::vector<char> m_misses_parent;
    std::vector<Index> m_order;
    std::vector<Index> m_position;
    std::uint64_t m_in_cycles = 0;
};

}  // namespace r8scan::attribution
