// See commit_order.h.
#include "attribution/commit_order.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>
#include <tuple>

namespace r8scan::attribution {

namespace {

Graph all_parents(const Input& input)
{
    Graph graph;
    graph.begin.reserve(input.commits.size() + 1);
    for (const Commit& commit : input.commits) {
        graph.targets.insert(graph.targets.end(), commit.parents.begin(), commit.parents.end());
        graph.begin.push_back(graph.targets.size());
    }
    return graph;
}

Graph reversed(const Graph& graph)
{
    Graph result;
    result.begin.assign(graph.size() + 1U, 0);
    for (const Index target : graph.targets) {
        ++result.begin[target + 1U];
    }
    std::partial_sum(result.begin.begin(), result.begin.end(), result.begin.begin());
    result.targets.resize(graph.targets.size());
    std::vector<std::size_t> next(result.begin.begin(), result.begin.end() - 1);
    for (Index node = 0; node < graph.size(); ++node) {
        for (std::size_t i = graph.begin[node]; i < graph.begin[node + 1]; ++i) {
            result.targets[next[graph.targets[i]]++] = node;
        }
    }
    return result;
}

/// Commit -> how early it may come: its rank by committer time, then id.
std::vector<Index> rank_commits(const Input& input)
{
    std::vector<Index> by_time(input.commits.size());
    std::iota(by_time.begin(), by_time.end(), 0U);
    std::sort(by_time.begin(), by_time.end(), [&input](Index a, Index b) {
        return std::tie(input.commits[a].time, input.commit_ids[a]) <
               std::tie(input.commits[b].time, input.commit_ids[b]);
    });
    std::vector<Index> rank(by_time.size());
    for (Index i = 0; i < by_time.size(); ++i) {
        rank[by_time[i]] = i;
    }
    return rank;
}

}  // namespace

CommitOrder::CommitOrder(const Input& input)
    : m_misses_parent(input.commits.size(), 0), m_position(input.commits.size(), none)
{
    const std::vector<char> left_out = targets_first(all_parents(input)).on_cycle;
    m_in_cycles = static_cast<std::uint64_t>(std::count(left_out.begin(), left_out.end(), 1));

    m_parents.begin.reserve(input.commits.size() + 1);
    for (Index commit = 0; commit < input.commits.size(); ++commit) {
        m_misses_parent[commit] = input.commits[commit].missing_parent ? 1 : 0;
        const auto first = static_cast<std::ptrdiff_t>(m_parents.targets.size());
        for (const Index parent : input.commits[commit].parents) {
            if (left_out[parent] != 0) {
                m_misses_parent[commit] = 1;
            } else if (left_out[commit] == 0) {
                m_parents.targets.push_back(parent);
            }
        }
        std::sort(m_parents.targets.begin() + first, m_parents.targets.end());
        m_parents.targets.erase(std::unique(m_parents.targets.begin() + first, m_parents.targets.end()),
                                m_parents.targets.end());
        m_parents.begin.push_back(m_parents.targets.size());
    }

    const Graph children = reversed(m_parents);
    const std::vector<Index> rank = rank_commits(input);
    std::vector<Index> by_rank(rank.size());
    std::vector<std::size_t> waiting_for(rank.size());
    std::priority_queue<Index, std::vector<Index>, std::greater<>> ready;
    for (Index commit = 0; commit < rank.size(); ++commit) {
        by_rank[rank[commit]] = commit;
        waiting_for[commit] = parents(commit).size();
        if (waiting_for[commit] == 0 && left_out[commit] == 0) {
            ready.push(rank[commit]);
        }
    }
    m_order.reserve(rank.size());
    while (!ready.empty()) {
        const Index commit = by_rank[ready.top()];
        ready.pop();
        m_position[commit] = static_cast<Index>(m_order.size());
        m_order.push_back(commit);
        for (std::size_t i = children.begin[commit]; i < children.begin[commit + 1]; ++i) {
            if (--waiting_for[children.targets[i]] == 0) {
                ready.push(rank[children.targets[i]]);
            }
        }
    }
}

}  // namespace r8scan::attribution
