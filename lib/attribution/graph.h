// A directed graph as flat arrays, and the one question attribution has about graphs it cannot trust: an order in which
// targets come before sources, and which nodes stand in the way of one because they lead back to themselves.
// Real object ids make cycles all but impossible; damaged or crafted input may have them all the same.
#pragma once

#include "attribution/input.h"

#include <cstddef>
#include <vector>

namespace r8scan::attribution {

struct Graph {
    std::vector<std::size_t> begin{0};  // node n has edges to targets [begin[n], begin[n + 1])
    std::vector<Index> targets;

    [[nodiscard]] Index size() const { return static_cast<Index>(begin.size() - 1); }
};

struct TargetsFirst {
    std::vector<Index> order;    // every node; each after all its targets, but for those it shares a cycle with
    std::vector<char> on_cycle;  // node -> it can reach itself
};

/// Tarjan's strongly connected components, with a stack of its own instead of recursion.
TargetsFirst targets_first(const Graph& graph);

}  // namespace r8scan::attribution
