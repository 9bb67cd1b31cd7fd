// attribute(): the table of contents of this folder, and the records that come of it.
//
// Names become elements, trees become sets, commits differ by sets; of what they introduce the first places are listed,
// and the listed ones alone get removers, moves, tips and blobs. See each file for its part.
#include "attribution/commit_order.h"
#include "attribution/elements.h"
#include "attribution/history.h"
#include "attribution/input.h"
#include "attribution/listing.h"
#include "attribution/marked_trees.h"
#include "attribution/moves.h"
#include "attribution/path_sets.h"
#include "attribution/removals.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace r8scan::attribution {

namespace {

using Lists = std::vector<std::vector<Index>>;  // listed place -> commits or tips

/// Commit -> the first reflog entry that reaches it, or none.
std::vector<Index> first_reflog_tips(const Input& input, const CommitOrder& commits)
{
    std::vector<Index> first(input.commits.size(), none);
    std::vector<Index> queue;
    for (Index tip = 0; tip < input.tips.size(); ++tip) {
        const auto reach = [&](Index commit) {
            if (first[commit] == none && !commits.is_left_out(commit)) {
                first[commit] = tip;
                queue.push_back(commit);
            }
        };
        if (!input.tips[tip].is_ref && input.tips[tip].commit != none) {
            reach(input.tips[tip].commit);
        }
        while (!queue.empty()) {
            const Index commit = queue.back();
            queue.pop_back();
            std::ranges::for_each(commits.parents(commit), reach);
        }
    }
    return first;
}

/// Listed place -> where its token stands at HEAD: its own path, or one that moves lead to; 0 for nowhere.
std::vector<PathId> paths_at_head(const Listing& listing, const Lists& removers, const Moves& moves, SetId head,
                                  const PathSets& sets, const PathTable& paths)
{
    using Key = std::tuple<Index, Index, PathId, std::size_t>;
    std::vector<Key> places;
    places.reserve(listing.places.size());
    for (std::size_t i = 0; i < listing.places.size(); ++i) {
        places.emplace_back(listing.places[i].commit, listing.places[i].token, listing.places[i].path, i);
    }
    std::sort(places.begin(), places.end());

    // Moves lead to later commits, so from the last place backwards each finds its answer ready.
    std::vector<PathId> result(listing.places.size(), 0);
    for (std::size_t i = listing.places.size(); i-- > 0;) {
        const ListedPlace& place = listing.places[i];
        if (sets.holds(head, paths.elements(place.path), place.token)) {
            result[i] = place.path;
            continue;
        }
        for (const Index remover : removers[i]) {
            const PathId to = moves.moved_to(remover, place.token, place.path);
            if (to == 0) {
                continue;
            }
            const auto next = std::ranges::lower_bound(places, Key{remover, place.token, to, 0});
            if (next != places.end() && std::get<0>(*next) == remover && std::get<1>(*next) == place.token &&
                std::get<2>(*next) == to) {
                result[i] = result[std::get<3>(*next)];
            } else if (sets.holds(head, paths.elements(to), place.token)) {
                result[i] = to;
            }
            if (result[i] != 0) {
                break;
            }
        }
    }
    return result;
}

/// Listed place -> the first blob at its path that holds its token.
std::vector<Index> blobs_of_places(const Input& input, const Listing& listing, const MarkedTrees& trees,
                                   Index dangling_tree, const PathTable& paths)
{
    std::vector<Index> result(listing.places.size(), none);
    const auto all = std::span(listing.places);
    for (std::size_t first = 0, last = 0; first < all.size(); first = last) {
        const ListedPlace& listed = all[first];
        while (last < all.size() && all[last].commit == listed.commit && all[last].path == listed.path) {
            ++last;
        }
        const Index tree = listed.commit == none ? dangling_tree : input.commits[listed.commit].tree;
        std::vector<Index> blobs = trees.find_blobs(tree, paths.elements(listed.path));
        if (listed.commit == none) {
            // Several roots may have the path, and trees have no order of their own.
            std::ranges::sort(blobs);
        }
        // Once through the blobs and their tokens, for a path may have as many of either as of places.
        const auto places = all.subspan(first, last - first);
        for (const Index blob : blobs) {
            for (const Index token : input.blob_tokens[blob]) {
                const auto place = std::ranges::lower_bound(places, token, {}, &ListedPlace::token);
                if (place != places.end() && place->token == token) {
                    Index& found = result[first + static_cast<std::size_t>(place - places.begin())];
                    found = found == none ? blob : found;
                }
            }
        }
    }
    return result;
}

/// The first of `blobs` that holds `token`.
Index blob_with(const Input& input, const std::vector<Index>& blobs, Index token)
{
    const auto found = std::ranges::find_if(
        blobs, [&](Index blob) { return std::ranges::binary_search(input.blob_tokens[blob], token); });
    return found == blobs.end() ? none : *found;
}

}  // namespace

Output attribute(const Input& input, const Limits& limits)
{
    const std::uint64_t steps = limits.set_steps + 32 * std::uint64_t{input.entries.size()};
    const Elements elements(input.names);
    const CommitOrder commits(input);
    PathSets sets(steps);
    MarkedTrees trees(input, limits, elements, sets);

    std::vector<Index> root_trees;
    for (const Index commit : commits.order()) {
        root_trees.push_back(input.commits[commit].tree);
    }
    const Index dangling_tree = trees.gather_dangling(root_trees);
    const History history = walk_history(input, commits, trees, dangling_tree, sets);

    PathTable paths(elements);
    const Listing listing = list_places(commits, history, sets, limits, input.token_count, paths);
    PlaceSets place_sets(input, limits, listing, sets, paths, steps);
    const Lists removers = place_sets.find_removers(commits, history);
    const Lists tips = place_sets.find_tips(commits, history);
    const std::vector<Index> reflog_tips = first_reflog_tips(input, commits);
    const Moves moves(commits, history, listing, removers, sets, paths, steps);
    const bool has_head = input.head != none && !commits.is_left_out(input.head);
    const Index head_tree = has_head ? input.commits[input.head].tree : none;
    const auto head_paths = paths_at_head(listing, removers, moves, trees.set_of(head_tree), sets, paths);

    Output output;
    output.places_of_token = count_places(commits, history, sets, input.token_count);
    output.trees_in_cycles = trees.in_cycles();
    output.commits_in_cycles = commits.in_cycles();
    output.trees_too_deep = trees.too_deep();
    output.unfinished = history.unfinished + place_sets.unfinished();

    // Listed in commit order, then path order; a stable sort by token leaves that within each token.
    std::vector<std::size_t> by_token(listing.places.size());
    std::iota(by_token.begin(), by_token.end(), std::size_t{0});
    std::ranges::stable_sort(by_token, {}, [&listing](std::size_t i) { return listing.places[i].token; });
    output.places.resize(by_token.size());
    std::vector<std::size_t> rank(by_token.size());
    for (std::size_t i = 0; i < by_token.size(); ++i) {
        rank[by_token[i]] = i;
    }
    const std::vector<Index> blobs = blobs_of_places(input, listing, trees, dangling_tree, paths);
    for (std::size_t i = 0; i < listing.places.size(); ++i) {
        const ListedPlace& listed = listing.places[i];
        const bool has_commit = listed.commit != none;
        Place& place = output.places[rank[i]];
        place.token = listed.token;
        place.path = paths.text(listed.path);
        place.blob = blobs[i];
        place.commit = listed.commit;
        place.at_or_before = has_commit && commits.misses_parent(listed.commit);
        place.reachable = has_commit && input.commits[listed.commit].reachable;
        place.removed_in = removers[i];
        place.tips = tips[i];
        if (place.tips.empty() && has_commit && !place.reachable && reflog_tips[listed.commit] != none) {
            place.tips.push_back(reflog_tips[listed.commit]);
        }
        for (const Index remover : removers[i]) {
            if (const PathId to = moves.moved_to(remover, listed.token, listed.path); to != 0) {
                place.moved_to = paths.text(to);
                break;
            }
        }
        if (const PathId from = has_commit ? moves.moved_from(listed.commit, listed.token, listed.path) : 0;
            from != 0) {
            place.moved_from = paths.text(from);
        }
        if (head_paths[i] != 0) {
            place.at_head = true;
            place.head_path = paths.text(head_paths[i]);
            const auto head_blobs = trees.find_blobs(head_tree, paths.elements(head_paths[i]));
            place.head_blob = blob_with(input, head_blobs, listed.token);
        }
    }
    return output;
}

}  // namespace r8scan::attribution
