// See moves.h.
#include "attribution/moves.h"

#include "attribution/pruned_walk.h"

#include <algorithm>
#include <unordered_map>

namespace r8scan::attribution {

namespace {

constexpr std::size_t most_candidates = 1000;  // paths of a token that a commit removes, and as many it introduces

std::size_t common_prefix(const std::string& a, const std::string& b)
{
    const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return static_cast<std::size_t>(differ.first - a.begin());
}

/// One commit's removed or introduced paths of the wanted tokens, each token's in path order.
using PathsOfToken = std::unordered_map<Index, std::vector<PathId>>;

std::uint64_t gather_paths(PrunedWalk& walk, SetId set, PathTable& paths, PathsOfToken& wanted)
{
    walk.reset();
    return walk.run(set, paths, [&wanted](std::span<const std::uint32_t> tokens, auto&& path) {
        bool any_room = false;
        const auto take = [&](std::vector<PathId>& list) {
            if (list.size() < most_candidates) {
                list.push_back(path());
            }
            any_room = any_room || list.size() < most_candidates;
        };
        if (tokens.size() < wanted.size()) {
            for (const Index token : tokens) {
                if (const auto found = wanted.find(token); found != wanted.end()) {
                    take(found->second);
                }
            }
        } else {
            for (auto& [token, list] : wanted) {
                if (std::binary_search(tokens.begin(), tokens.end(), token)) {
                    take(list);
                }
            }
        }
        return any_room;
    });
}

}  // namespace

/// The reversed paths, sorted, are the leaves of a tree whose inner nodes are common endings. From the longest endings
/// to the shortest, each node pairs what its children left over; what a child left over is all of one list.
std::vector<Pairing> pair_by_ending(const std::vector<std::string>& from, const std::vector<std::string>& to)
{
    struct Leaf {
        std::string reversed;
        bool is_from = false;
        std::size_t index = 0;
    };
    struct Node {
        std::size_t ending = 0;  // length of what all below have in common
        std::vector<std::size_t> from;
        std::vector<std::size_t> to;
    };
    std::vector<Leaf> leaves;
    leaves.reserve(from.size() + to.size());
    const auto add = [&leaves](const std::vector<std::string>& paths, bool is_from) {
        for (std::size_t i = 0; i < paths.size(); ++i) {
            // The slash makes "key" a whole component of "a/key" and only a part of "monkey".
            leaves.push_back({std::string(paths[i].rbegin(), paths[i].rend()) + '/', is_from, i});
        }
    };
    add(from, true);
    add(to, false);
    std::sort(leaves.begin(), leaves.end(), [](const Leaf& a, const Leaf& b) { return a.reversed < b.reversed; });

    std::vector<Pairing> pairs;
    const auto pair_within = [&pairs](Node& node) {
        const std::size_t count = std::min(node.from.size(), node.to.size());
        if (count == 0) {
            return;
        }
        std::sort(node.from.begin(), node.from.end());
        std::sort(node.to.begin(), node.to.end());
        for (std::size_t i = 0; i < count; ++i) {
            pairs.push_back({node.from[i], node.to[i]});
        }
        const auto taken = static_cast<std::ptrdiff_t>(count);
        node.from.erase(node.from.begin(), node.from.begin() + taken);
        node.to.erase(node.to.begin(), node.to.begin() + taken);
    };
    const auto pour = [](Node& into, const Node& what) {
        into.from.insert(into.from.end(), what.from.begin(), what.from.end());
        into.to.insert(into.to.end(), what.to.begin(), what.to.end());
    };
    std::vector<Node> open(1);  // endings grow strictly from bottom to top; the bottom is the empty ending
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        const std::size_t next = i + 1 < leaves.size() ? common_prefix(leaves[i].reversed, leaves[i + 1].reversed) : 0;
        Node leaf{leaves[i].reversed.size(), {}, {}};
        (leaves[i].is_from ? leaf.from : leaf.to).push_back(leaves[i].index);
        if (leaf.ending > open.back().ending) {
            open.push_back(std::move(leaf));
        } else {
            pour(open.back(), leaf);
        }
        while (open.back().ending > next) {
            Node done = std::move(open.back());
            open.pop_back();
            pair_within(done);
            if (open.back().ending < next) {
                open.push_back({next, {}, {}});
            }
            pour(open.back(), done);
        }
    }
    pair_within(open.front());
    return pairs;
}

Moves::Moves(const CommitOrder& commits, const History& history, const Listing& listing,
             const std::vector<std::vector<Index>>& removers, const PathSets& sets, PathTable& paths,
             std::uint64_t steps)
{
    // (position of commit, token) of listed places that the commit introduced or removed.
    std::vector<std::pair<Index, Index>> wanted;
    const auto want = [&](Index commit, Index token) {
        if (commit != none && history.removes[commit] != 0 && history.introduces[commit] != 0) {
            wanted.emplace_back(commits.position(commit), token);
        }
    };
    for (std::size_t place = 0; place < listing.places.size(); ++place) {
        want(listing.places[place].commit, listing.places[place].token);
        for (const Index remover : removers[place]) {
            want(remover, listing.places[place].token);
        }
    }
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());

    PrunedWalk walk(sets);
    const auto draw = [&steps](std::uint64_t what) { steps -= std::min(steps, what); };
    const auto text_of = [&](const std::vector<PathId>& list) {
        std::vector<std::string> texts;
        texts.reserve(list.size());
        for (const PathId path : list) {
            texts.push_back(paths.text(path));
            draw(paths.bytes(path) / 8);
        }
        return texts;
    };
    for (std::size_t i = 0; i < wanted.size() && steps > 0;) {
        const Index position = wanted[i].first;
        const Index commit = commits.order()[position];
        PathsOfToken from;
        for (; i < wanted.size() && wanted[i].first == position; ++i) {
            from[wanted[i].second];
        }
        PathsOfToken to = from;
        draw(gather_paths(walk, history.removes[commit], paths, from));
        draw(gather_paths(walk, history.introduces[commit], paths, to));
        for (const auto& [token, from_paths] : from) {
            const std::vector<PathId>& to_paths = to[token];
            if (from_paths.empty() || to_paths.empty()) {
                continue;
            }
            for (const Pairing& pair : pair_by_ending(text_of(from_paths), text_of(to_paths))) {
                m_to.push_back({commit, token, from_paths[pair.from], to_paths[pair.to]});
                m_from.push_back({commit, token, to_paths[pair.to], from_paths[pair.from]});
            }
        }
    }
    std::sort(m_to.begin(), m_to.end());
    std::sort(m_from.begin(), m_from.end());
}

PathId Moves::find(const std::vector<Move>& moves, Index commit, Index token, PathId path)
{
    const auto found = std::lower_bound(moves.begin(), moves.end(), Move{commit, token, path, 0});
    const bool is_there =
        found != moves.end() && found->commit == commit && found->token == token && found->path == path;
    return is_there ? found->other : 0;
}

}  // namespace r8scan::attribution
