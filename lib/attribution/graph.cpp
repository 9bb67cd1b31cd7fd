// See graph.h. Tarjan's algorithm completes a component only after all components it leads to, which is the order
// wanted; a component of several nodes, or a node with an edge to itself, is a cycle.
#include "attribution/graph.h"

#include <algorithm>

namespace r8scan::attribution {

TargetsFirst targets_first(const Graph& graph)
{
    struct Visit {
        Index node = 0;
        std::size_t next_edge = 0;
    };
    const Index count = graph.size();
    TargetsFirst result{{}, std::vector<char>(count, 0)};
    result.order.reserve(count);
    std::vector<Index> number(count, none);  // in order of discovery
    std::vector<Index> low(count, none);     // lowest number known to be reachable within the open components
    std::vector<char> is_open(count, 0);
    std::vector<Index> open;
    std::vector<Visit> visits;
    Index discovered = 0;

    const auto discover = [&](Index node) {
        number[node] = low[node] = discovered++;
        is_open[node] = 1;
        open.push_back(node);
        visits.push_back({node, graph.begin[node]});
    };
    const auto close_component = [&](Index root) {
        const bool several = open.back() != root;
        for (Index node = none; node != root;) {
            node = open.back();
            open.pop_back();
            is_open[node] = 0;
            result.on_cycle[node] = several || result.on_cycle[node] != 0 ? 1 : 0;
            result.order.push_back(node);
        }
    };

    for (Index start = 0; start < count; ++start) {
        if (number[start] != none) {
            continue;
        }
        discover(start);
        while (!visits.empty()) {
            Visit& visit = visits.back();
            const Index node = visit.node;
            if (visit.next_edge == graph.begin[node + 1]) {
                visits.pop_back();
                if (!visits.empty()) {
                    low[visits.back().node] = std::min(low[visits.back().node], low[node]);
                }
                if (low[node] == number[node]) {
                    close_component(node);
                }
                continue;
            }
            const Index target = graph.targets[visit.next_edge++];
            if (target == node) {
                result.on_cycle[node] = 1;
            } else if (number[target] == none) {
                discover(target);
            } else if (is_open[target] != 0) {
                low[node] = std::min(low[node], number[target]);
            }
        }
    }
    return result;
}

}  // namespace r8scan::attribution
