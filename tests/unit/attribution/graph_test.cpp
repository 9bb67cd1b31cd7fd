// targets_first() on random graphs, against a search from every node.
#include "attribution/graph.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace r8scan::attribution;

namespace {

std::vector<char> reached_from(const Graph& graph, Index start)
{
    std::vector<char> reached(graph.size(), 0);
    std::vector<Index> queue{start};
    while (!queue.empty()) {
        const Index node = queue.back();
        queue.pop_back();
        for (std::size_t i = graph.begin[node]; i < graph.begin[node + 1]; ++i) {
            if (reached[graph.targets[i]] == 0) {
                reached[graph.targets[i]] = 1;
                queue.push_back(graph.targets[i]);
            }
        }
    }
    return reached;
}

}  // namespace

TEST_CASE("targets come first and nodes that reach themselves are marked")
{
    std::mt19937 random(1);
    for (int round = 0; round < 2000; ++round) {
        Graph graph;
        const auto nodes = static_cast<Index>(1 + random() % 12);
        for (Index node = 0; node < nodes; ++node) {
            for (auto edges = random() % 3; edges > 0; --edges) {
                graph.targets.push_back(static_cast<Index>(random() % nodes));
            }
            graph.begin.push_back(graph.targets.size());
        }
        const TargetsFirst result = targets_first(graph);
        REQUIRE_EQ(result.order.size(), nodes);
        std::vector<Index> position(nodes, none);
        for (Index i = 0; i < nodes; ++i) {
            position[result.order[i]] = i;
        }
        for (Index node = 0; node < nodes; ++node) {
            const std::vector<char> reached = reached_from(graph, node);
            REQUIRE_EQ(result.on_cycle[node], reached[node]);
            for (Index target = 0; target < nodes; ++target) {
                if (reached[target] != 0 && reached_from(graph, target)[node] == 0) {
                    REQUIRE(position[target] < position[node]);
                }
            }
        }
    }
}
