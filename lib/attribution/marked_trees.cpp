// See marked_trees.h.
#include "attribution/marked_trees.h"

#include "attribution/graph.h"

#include <algorithm>
#include <utility>

namespace r8scan::attribution {

namespace {

Graph subtrees_of(const Input& input)
{
    Graph graph;
    graph.begin.reserve(input.tree_begin.size());
    for (Index tree = 0; tree < input.tree_count(); ++tree) {
        for (std::size_t i = input.tree_begin[tree]; i < input.tree_begin[tree + 1]; ++i) {
            if (input.entries[i].is_tree) {
                graph.targets.push_back(input.entries[i].target);
            }
        }
        graph.begin.push_back(graph.targets.size());
    }
    return graph;
}

}  // namespace

MarkedTrees::MarkedTrees(const Input& input, const Limits& limits, const Elements& elements, PathSets& sets)
    : m_input(input),
      m_limits(limits),
      m_elements(elements),
      m_sets(sets),
      m_begin(input.tree_begin.begin(), input.tree_begin.end()),
      m_cut(input.tree_count(), 0),
      m_extents(input.tree_count()),
      m_sets_of(input.tree_count(), 0)
{
    m_entries.reserve(input.entries.size());
    for (const TreeEntry& entry : input.entries) {
        m_entries.push_back({elements.of(entry.name, entry.is_tree), entry.target});
    }
    m_values_of.reserve(input.blob_tokens.size());
    for (const std::vector<Index>& tokens : input.blob_tokens) {
        m_values_of.push_back(sets.intern_values(tokens));
    }
    TargetsFirst subtrees_first = targets_first(subtrees_of(input));
    m_left_out = std::move(subtrees_first.on_cycle);
    for (const Index tree : subtrees_first.order) {
        if (m_left_out[tree] != 0) {
            ++m_in_cycles;
            continue;
        }
        sort_entries(tree);
        cut_entries(tree);
        m_sets_of[tree] = make_set(tree);
    }
    m_too_deep = static_cast<std::uint64_t>(std::count(m_cut.begin(), m_cut.end(), 1));
}

/// Git's own order, if the tree is sound. Stable, so that of equal names the first entry stays first.
void MarkedTrees::sort_entries(Index tree)
{
    const auto entries = std::span(m_entries).subspan(m_begin[tree], m_begin[tree + 1] - m_begin[tree]);
    if (!std::ranges::is_sorted(entries, {}, &Entry::element)) {
        std::ranges::stable_sort(entries, {}, &Entry::element);
    }
}

/// Cuts off what would make a path of this tree too long, and measures the paths that stay.
void MarkedTrees::cut_entries(Index tree)
{
    Extent& extent = m_extents[tree];
    extent.levels = 1;
    for (std::size_t i = m_begin[tree]; i < m_begin[tree + 1]; ++i) {
        Entry& entry = m_entries[i];
        const bool is_tree = names_tree(entry.element);
        if (is_tree && m_left_out[entry.target] != 0) {
            entry.target = none;
            continue;
        }
        std::uint64_t levels = 1;
        std::uint64_t bytes = m_elements.name(entry.element).size();
        if (is_tree) {
            levels += m_extents[entry.target].levels;
            bytes += 1 + m_extents[entry.target].bytes;
        }
        if (levels > m_limits.tree_depth || bytes > m_limits.path_bytes) {
            (is_tree ? m_cut[entry.target] : m_cut[tree]) = 1;
            entry.target = none;
            continue;
        }
        extent.levels = std::max(extent.levels, levels);
        extent.bytes = std::max(extent.bytes, bytes);
    }
}

SetId MarkedTrees::make_set(Index tree)
{
    m_edges.clear();
    std::vector<SetId> same_name;
    for (std::size_t i = m_begin[tree]; i < m_begin[tree + 1];) {
        const Element element = m_entries[i].element;
        same_name.clear();
        for (; i < m_begin[tree + 1] && m_entries[i].element == element; ++i) {
            if (m_entries[i].target != none) {
                same_name.push_back(names_tree(element) ? m_sets_of[m_entries[i].target]
                                                        : m_values_of[m_entries[i].target]);
            }
        }
        std::uint32_t target = 0;
        if (same_name.size() == 1) {
            target = same_name.front();
        } else {
            target = names_tree(element) ? m_sets.unite_all(same_name) : m_sets.unite_all_values(same_name);
        }
        if (target != 0) {
            m_edges.push_back({element, target});
        }
    }
    return m_sets.intern(m_edges);
}

Index MarkedTrees::gather_dangling(std::span<const Index> roots)
{
    const Index count = m_input.tree_count();
    const auto each_subtree = [this](Index tree, auto&& visit) {
        for (std::size_t i = m_input.tree_begin[tree]; i < m_input.tree_begin[tree + 1]; ++i) {
            if (m_input.entries[i].is_tree) {
                visit(m_input.entries[i].target);
            }
        }
    };
    std::vector<char> reached(count, 0);
    std::vector<Index> queue;
    const auto reach = [&](Index tree) {
        if (tree != none && reached[tree] == 0) {
            reached[tree] = 1;
            queue.push_back(tree);
        }
    };
    std::ranges::for_each(roots, reach);
    while (!queue.empty()) {
        const Index tree = queue.back();
        queue.pop_back();
        each_subtree(tree, reach);
    }
    std::vector<char> is_held(count, 0);
    for (Index tree = 0; tree < count; ++tree) {
        if (reached[tree] == 0 && m_left_out[tree] == 0) {
            each_subtree(tree, [&](Index below) { is_held[below] = 1; });
        }
    }
    const std::size_t first = m_entries.size();
    for (Index tree = 0; tree < count; ++tree) {
        if (reached[tree] == 0 && m_left_out[tree] == 0 && is_held[tree] == 0) {
            for (std::size_t i = m_begin[tree]; i < m_begin[tree + 1]; ++i) {
                m_entries.push_back(Entry(m_entries[i]));
            }
        }
    }
    if (m_entries.size() == first) {
        return none;
    }
    m_begin.resize(count + 1);
    m_begin.push_back(m_entries.size());
    sort_entries(count);
    m_sets_of.push_back(make_set(count));
    return count;
}

std::vector<Index> MarkedTrees::find_blobs(Index tree, std::span<const Element> path) const
{
    // Repeated names make this a set of trees at each level; without them it never has more than one.
    std::vector<Index> here{tree};
    std::vector<Index> below;
    for (const Element element : path) {
        below.clear();
        for (const Index holder : here) {
            const auto entries = std::span(m_entries).subspan(m_begin[holder], m_begin[holder + 1] - m_begin[holder]);
            auto entry = std::ranges::lower_bound(entries, element, {}, &Entry::element);
            for (; entry != entries.end() && entry->element == element; ++entry) {
                if (entry->target != none) {
                    below.push_back(entry->target);
                }
            }
        }
        if (below.size() > 1) {
            std::vector<Index> seen = below;
            std::sort(seen.begin(), seen.end());
            std::vector<char> is_in(seen.size(), 0);
            std::erase_if(below, [&](Index target) {
                const auto at = static_cast<std::size_t>(std::ranges::lower_bound(seen, target) - seen.begin());
                return std::exchange(is_in[at], 1) != 0;
            });
        }
        here.swap(below);
    }
    return here;
}

}  // namespace r8scan::attribution
