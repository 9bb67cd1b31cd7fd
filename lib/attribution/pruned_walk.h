// PrunedWalk: visits the paths of sets in path order, as long as there is something to be had from them.
//
// A set may hold 10^10 paths, so a walk must not enter a subset again once nothing below it is of interest. Interest
// only ever falls (a token's list fills up and stays full), so a list of values or a node is struck off when a visit
// finds nothing of interest left in it, for this walk and all later ones with the same object. Each visit then either
// yields something or strikes something off.
#pragma once

#include "attribution/elements.h"
#include "attribution/path_sets.h"

#include <cstddef>
#include <vector>

namespace r8scan::attribution {

class PrunedWalk {
public:
    /// `sets` must outlive the object and may not change meanwhile.
    explicit PrunedWalk(const PathSets& sets)
        : m_sets(sets), m_struck_sets(sets.set_count(), 0), m_struck_values(sets.values_count(), 0)
    {
    }

    /// Forgets what was struck off. By a new mark: clearing the vectors would cost more than most walks.
    void reset() { ++m_mark; }

    /// Calls visit(values, path) for each path of `root` that is not struck off, where path() gives its PathId. The
    /// call returns whether any of the values is still of interest. Returns the number of edges looked at.
    template <class Visit>
    std::uint64_t run(SetId root, PathTable& paths, Visit&& visit)
    {
        std::uint64_t looked_at = 0;
        push(root, 0);
        while (!m_frames.empty()) {
            Frame& frame = m_frames.back();
            const auto edges = m_sets.edges(frame.set);
            if (frame.next == edges.size()) {
                const Frame done = frame;
                m_frames.pop_back();
                if (!done.of_interest) {
                    m_struck_sets[done.set] = m_mark;
                } else if (!m_frames.empty()) {
                    m_frames.back().of_interest = true;
                }
                continue;
            }
            const Edge edge = edges[frame.next++];
            ++looked_at;
            if (names_tree(edge.element)) {
                push(edge.target, edge.element);
            } else if (m_struck_values[edge.target] != m_mark) {
                if (visit(m_sets.values(edge.target), [&] { return paths.child(path_of_top(paths), edge.element); })) {
                    frame.of_interest = true;
                } else {
                    m_struck_values[edge.target] = m_mark;
                }
            }
        }
        return looked_at;
    }

private:
    struct Frame {
        SetId set = 0;
        Element element = 0;  // that leads here from the frame below on the stack
        std::size_t next = 0;
        PathId path = 0;  // 0 until something is found below
        bool of_interest = false;
    };

    void push(SetId set, Element element)
    {
        if (set != 0 && m_struck_sets[set] != m_mark) {
            m_frames.push_back({set, element, 0, m_frames.empty() ? PathTable::root : 0, false});
        }
    }

    PathId path_of_top(PathTable& paths)
    {
        std::size_t known = m_frames.size() - 1;
        while (m_frames[known].path == 0) {
            --known;
        }
        for (; known + 1 < m_frames.size(); ++known) {
            m_frames[known + 1].path = paths.child(m_frames[known].path, m_frames[known + 1].element);
        }
        return m_frames.back().path;
    }

    const PathSets& m_sets;
    std::vector<std::uint32_t> m_struck_sets;  // set -> the mark it was struck off with
    std::vector<std::uint32_t> m_struck_values;
    std::uint32_t m_mark = 1;
    std::vector<Frame> m_frames;
};

}  // namespace r8scan::attribution
