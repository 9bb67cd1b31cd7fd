// See reference.h.
#include "reference.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace r8scan::attribution::test {

namespace {

/// Components; ordered as their bytes are once joined by '/'.
struct Path {
    std::vector<std::string> components;

    [[nodiscard]] std::vector<std::pair<std::string, bool>> key() const
    {
        std::vector<std::pair<std::string, bool>> result;
        for (std::size_t i = 0; i < components.size(); ++i) {
            const bool is_tree = i + 1 < components.size();
            result.emplace_back(components[i] + (is_tree ? "/" : ""), is_tree);
        }
        return result;
    }
    [[nodiscard]] std::string text() const
    {
        std::string result;
        for (std::size_t i = 0; i < components.size(); ++i) {
            result += (i == 0 ? "" : "/") + components[i];
        }
        return result;
    }
    friend bool operator<(const Path& a, const Path& b) { return a.key() < b.key(); }
    friend bool operator==(const Path&, const Path&) = default;
};

using Pair = std::pair<Path, Index>;  // path and token
using Blobs = std::map<Pair, std::vector<Index>>;

enum class State { never, holds, gone };

class Reference {
public:
    Reference(const Input& input, const Limits& limits) : m_in(input), m_limits(limits)
    {
        read_trees();
        read_commits();
        order_commits();
        for (const Index commit : m_order) {
            for (const auto& [pair, blobs] : files(commit)) {
                m_pairs.insert(pair);
            }
        }
        for (const Pair& pair : m_pairs) {
            follow(pair);
        }
        find_moves();
        make_places();
    }

    Output output;

private:
    [[nodiscard]] std::vector<TreeEntry> entries(Index tree) const
    {
        return {m_in.entries.begin() + m_in.tree_begin[tree], m_in.entries.begin() + m_in.tree_begin[tree + 1]};
    }

    std::set<Index> trees_below(Index tree)
    {
        std::set<Index> result;
        std::vector<Index> queue{tree};
        while (!queue.empty()) {
            const Index from = queue.back();
            queue.pop_back();
            for (const TreeEntry& entry : entries(from)) {
                if (entry.is_tree && result.insert(entry.target).second) {
                    queue.push_back(entry.target);
                }
            }
        }
        return result;
    }

    void read_trees()
    {
        for (Index tree = 0; tree < m_in.tree_count(); ++tree) {
            m_below.push_back(trees_below(tree));
            m_tree_left_out.push_back(m_below[tree].count(tree) != 0);
            output.trees_in_cycles += m_tree_left_out[tree] ? 1U : 0U;
        }
        m_files.resize(m_in.tree_count());
        m_longest.resize(m_in.tree_count());
        m_is_read.resize(m_in.tree_count(), false);
        for (Index tree = 0; tree < m_in.tree_count(); ++tree) {
            read_tree(tree);
        }
        output.trees_too_deep = m_cut.size();
    }

    void read_tree(Index tree)
    {
        if (m_is_read[tree] || m_tree_left_out[tree]) {
            return;
        }
        m_is_read[tree] = true;
        std::size_t levels = 1;
        std::size_t bytes = 0;
        for (const TreeEntry& entry : entries(tree)) {
            const std::string& name = m_in.names[entry.name];
            if (entry.is_tree && m_tree_left_out[entry.target]) {
                continue;
            }
            std::size_t entry_levels = 1;
            std::size_t entry_bytes = name.size();
            if (entry.is_tree) {
                read_tree(entry.target);
                entry_levels += m_longest[entry.target].first;
                entry_bytes += 1 + m_longest[entry.target].second;
            }
            if (entry_levels > m_limits.tree_depth || entry_bytes > m_limits.path_bytes) {
                m_cut.insert(entry.is_tree ? entry.target : tree);
                continue;
            }
            levels = std::max(levels, entry_levels);
            bytes = std::max(bytes, entry_bytes);
            if (entry.is_tree) {
                for (const auto& [pair, blobs] : m_files[entry.target]) {
                    Path path = pair.first;
                    path.components.insert(path.components.begin(), name);
                    auto& here = m_files[tree][{path, pair.second}];
                    here.insert(here.end(), blobs.begin(), blobs.end());
                }
            } else {
                for (const Index token : m_in.blob_tokens[entry.target]) {
                    m_files[tree][{Path{{name}}, token}].push_back(entry.target);
                }
            }
        }
        m_longest[tree] = {levels, bytes};
    }

    [[nodiscard]] const Blobs& files(Index commit) const
    {
        static const Blobs nothing;
        return m_in.commits[commit].tree == none ? nothing : m_files[m_in.commits[commit].tree];
    }

    void read_commits()
    {
        const auto count = static_cast<Index>(m_in.commits.size());
        for (Index commit = 0; commit < count; ++commit) {
            m_ancestors.push_back(ancestors(commit));
            m_left_out.push_back(m_ancestors[commit].count(commit) != 0);
            output.commits_in_cycles += m_left_out[commit] ? 1U : 0U;
        }
        for (Index commit = 0; commit < count; ++commit) {
            std::set<Index> parents;
            bool misses = m_in.commits[commit].missing_parent;
            for (const Index parent : m_in.commits[commit].parents) {
                if (m_left_out[parent]) {
                    misses = true;
                } else {
                    parents.insert(parent);
                }
            }
            m_parents.push_back(parents);
            m_misses.push_back(misses);
        }
    }

    std::set<Index> ancestors(Index commit)
    {
        std::set<Index> result;
        std::vector<Index> queue{commit};
        while (!queue.empty()) {
            const Index from = queue.back();
            queue.pop_back();
            for (const Index parent : m_in.commits[from].parents) {
                if (result.insert(parent).second) {
                    queue.push_back(parent);
                }
            }
        }
        return result;
    }

    void order_commits()
    {
        std::set<Index> done;
        while (true) {
            std::set<std::tuple<std::int64_t, std::string, Index>> ready;
            for (Index commit = 0; commit < m_in.commits.size(); ++commit) {
                if (!m_left_out[commit] && done.count(commit) == 0 &&
                    std::includes(done.begin(), done.end(), m_parents[commit].begin(), m_parents[commit].end())) {
                    ready.emplace(m_in.commits[commit].time, m_in.commit_ids[commit], commit);
                }
            }
            if (ready.empty()) {
                return;
            }
            m_order.push_back(std::get<2>(*ready.begin()));
            done.insert(m_order.back());
        }
    }

    /// One (path, token) through all commits.
    void follow(const Pair& pair)
    {
        std::map<Index, State> state;
        bool some_reachable_holds = false;
        for (const Index commit : m_order) {
            const auto any_parent = [&](auto... wanted) {
                return std::ranges::any_of(m_parents[commit],
                                           [&](Index parent) { return ((state[parent] == wanted) || ...); });
            };
            const bool holds = files(commit).count(pair) != 0;
            state[commit] = holds ? State::holds : any_parent(State::holds, State::gone) ? State::gone : State::never;
            some_reachable_holds = some_reachable_holds || (holds && m_in.commits[commit].reachable);
            if (holds && !any_parent(State::holds)) {
                m_introduced[pair].push_back(commit);
            }
            if (!holds && any_parent(State::holds) && !any_parent(State::gone)) {
                m_removed[pair].push_back(commit);
            }
        }
        if (some_reachable_holds) {
            std::erase_if(m_introduced[pair], [&](Index commit) { return !m_in.commits[commit].reachable; });
        }
        for (const Index introducer : m_introduced[pair]) {
            std::set<Index> chain{introducer};
            for (const Index commit : m_order) {
                const bool follows_chain =
                    std::ranges::any_of(m_parents[commit], [&](Index parent) { return chain.count(parent) != 0; });
                if (!follows_chain) {
                    continue;
                }
                if (state[commit] == State::holds) {
                    chain.insert(commit);
                } else if (std::ranges::count(m_removed[pair], commit) != 0 &&
                           m_in.commits[commit].reachable == m_in.commits[introducer].reachable) {
                    m_removers[{pair, introducer}].push_back(commit);
                }
            }
        }
    }

    static std::size_t common_ending(const std::string& a, const std::string& b)
    {
        const std::string x = '/' + a;
        const std::string y = '/' + b;
        std::size_t length = 0;
        while (length < x.size() && length < y.size() && x[x.size() - 1 - length] == y[y.size() - 1 - length]) {
            ++length;
        }
        return length;
    }

    void find_moves()
    {
        std::map<std::pair<Index, Index>, std::vector<Path>> from;  // commit and token
        std::map<std::pair<Index, Index>, std::vector<Path>> to;
        for (const Pair& pair : m_pairs) {
            for (const Index commit : m_removed[pair]) {
                from[{commit, pair.second}].push_back(pair.first);
            }
            for (const Index commit : m_introduced[pair]) {
                to[{commit, pair.second}].push_back(pair.first);
            }
        }
        for (const auto& [key, removed] : from) {
            std::vector<std::tuple<std::ptrdiff_t, Path, Path>> candidates;
            for (const Path& a : removed) {
                for (const Path& b : to[key]) {
                    candidates.emplace_back(-static_cast<std::ptrdiff_t>(common_ending(a.text(), b.text())), a, b);
                }
            }
            std::sort(candidates.begin(), candidates.end());
            std::set<Path> taken_from;
            std::set<Path> taken_to;
            for (const auto& [score, a, b] : candidates) {
                if (taken_from.count(a) == 0 && taken_to.count(b) == 0) {
                    taken_from.insert(a);
                    taken_to.insert(b);
                    m_moved_to.emplace(std::tuple(key.first, key.second, a), b);
                    m_moved_from.emplace(std::tuple(key.first, key.second, b), a);
                }
            }
        }
    }

    /// Follows moves from a place to a path that HEAD holds.
    const Path* path_at_head(const Pair& pair, Index commit)
    {
        const bool has_head = m_in.head != none && !m_left_out[m_in.head];
        if (!has_head) {
            return nullptr;
        }
        const auto held = files(m_in.head).find(pair);
        if (held != files(m_in.head).end()) {
            return &held->first.first;
        }
        for (const Index remover : m_removers[{pair, commit}]) {
            const auto move = m_moved_to.find({remover, pair.second, pair.first});
            if (move != m_moved_to.end()) {
                if (const Path* path = path_at_head({move->second, pair.second}, remover)) {
                    return path;
                }
            }
        }
        return nullptr;
    }

    void make_places()
    {
        std::vector<Place> places;  // in path order for each commit, in commit order
        output.places_of_token.resize(m_in.token_count, 0);
        for (const Index commit : m_order) {
            for (const Pair& pair : m_pairs) {
                if (std::ranges::count(m_introduced[pair], commit) != 0) {
                    places.push_back(make_place(pair, commit));
                }
            }
        }
        for (const auto& [pair, blobs] : dangling()) {
            if (m_pairs.count(pair) == 0) {
                Place place;
                place.token = pair.second;
                place.path = pair.first.text();
                place.blob = *std::min_element(blobs.begin(), blobs.end());
                place.reachable = false;
                places.push_back(place);
            }
        }
        for (const Place& place : places) {
            ++output.places_of_token[place.token];
        }
        std::stable_sort(places.begin(), places.end(),
                         [](const Place& a, const Place& b) { return a.token < b.token; });
        output.places = std::move(places);
    }

    Place make_place(const Pair& pair, Index commit)
    {
        const auto& [path, token] = pair;
        Place place;
        place.token = token;
        place.path = path.text();
        place.blob = files(commit).at(pair).front();
        place.commit = commit;
        place.at_or_before = m_misses[commit];
        place.reachable = m_in.commits[commit].reachable;
        place.removed_in = m_removers[{pair, commit}];
        for (const Index remover : place.removed_in) {
            const auto move = m_moved_to.find({remover, token, path});
            if (move != m_moved_to.end()) {
                place.moved_to = move->second.text();
                break;
            }
        }
        if (const auto move = m_moved_from.find({commit, token, path}); move != m_moved_from.end()) {
            place.moved_from = move->second.text();
        }
        if (const Path* at_head = path_at_head(pair, commit)) {
            place.at_head = true;
            place.head_path = at_head->text();
            place.head_blob = files(m_in.head).at({*at_head, token}).front();
        }
        for (Index tip = 0; tip < m_in.tips.size(); ++tip) {
            const Index at = m_in.tips[tip].commit;
            if (at != none && !m_left_out[at] && m_in.tips[tip].is_ref == place.reachable &&
                files(at).count(pair) != 0) {
                place.tips.push_back(tip);
            }
        }
        for (Index tip = 0; tip < m_in.tips.size() && !place.reachable && place.tips.empty(); ++tip) {
            const Index at = m_in.tips[tip].commit;
            if (at != none && !m_left_out[at] && !m_in.tips[tip].is_ref &&
                (at == commit || m_ancestors[at].count(commit) != 0)) {
                place.tips.push_back(tip);
            }
        }
        return place;
    }

    Blobs dangling()
    {
        std::set<Index> reached;
        for (const Index commit : m_order) {
            if (const Index tree = m_in.commits[commit].tree; tree != none) {
                reached.insert(tree);
                reached.insert(m_below[tree].begin(), m_below[tree].end());
            }
        }
        const auto is_candidate = [&](Index tree) { return reached.count(tree) == 0 && !m_tree_left_out[tree]; };
        Blobs result;
        for (Index tree = 0; tree < m_in.tree_count(); ++tree) {
            bool is_root = is_candidate(tree);
            for (Index other = 0; other < m_in.tree_count(); ++other) {
                const bool holds_tree = std::ranges::any_of(
                    entries(other), [&](const TreeEntry& entry) { return entry.is_tree && entry.target == tree; });
                is_root = is_root && !(is_candidate(other) && holds_tree);
            }
            if (is_root) {
                for (const auto& [pair, blobs] : m_files[tree]) {
                    result[pair].insert(result[pair].end(), blobs.begin(), blobs.end());
                }
            }
        }
        return result;
    }

    const Input& m_in;
    const Limits& m_limits;
    std::vector<std::set<Index>> m_below;
    std::vector<bool> m_tree_left_out;
    std::vector<bool> m_is_read;
    std::vector<Blobs> m_files;
    std::vector<std::pair<std::size_t, std::size_t>> m_longest;  // levels and bytes
    std::set<Index> m_cut;
    std::vector<std::set<Index>> m_ancestors;
    std::vector<bool> m_left_out;
    std::vector<std::set<Index>> m_parents;
    std::vector<bool> m_misses;
    std::vector<Index> m_order;
    std::set<Pair> m_pairs;
    std::map<Pair, std::vector<Index>> m_introduced;
    std::map<Pair, std::vector<Index>> m_removed;
    std::map<std::pair<Pair, Index>, std::vector<Index>> m_removers;
    std::map<std::tuple<Index, Index, Path>, Path> m_moved_to;
    std::map<std::tuple<Index, Index, Path>, Path> m_moved_from;
};

}  // namespace

Output reference(const Input& input, const Limits& limits)
{
    return std::move(Reference(input, limits).output);
}

}  // namespace r8scan::attribution::test
