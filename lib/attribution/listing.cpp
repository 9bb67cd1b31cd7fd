// See listing.h.
#include "attribution/listing.h"

#include "attribution/pruned_walk.h"

#include <limits>

namespace r8scan::attribution {

std::vector<Index> Listing::tokens() const
{
    std::vector<Index> result;
    result.reserve(places.size());
    for (const ListedPlace& place : places) {
        result.push_back(place.token);
    }
    return result;
}

Listing list_places(const CommitOrder& commits, const History& history, const PathSets& sets, const Limits& limits,
                    Index token_count, PathTable& paths)
{
    Listing listing;
    listing.of_commit.resize(history.introduces.size());
    std::vector<std::uint64_t> listed(token_count, 0);
    std::uint64_t bytes = 0;
    PrunedWalk walk(sets);
    const auto list = [&](SetId set, Index commit) {
        walk.run(set, paths, [&](std::span<const std::uint32_t> tokens, auto&& path) {
            bool any_room = false;
            for (const Index token : tokens) {
                const auto has_room = [&] {
                    return listed[token] < limits.places_per_token &&
                           (listed[token] == 0 || bytes < limits.listed_bytes);
                };
                if (has_room()) {
                    ++listed[token];
                    listing.places.push_back({token, commit, path()});
                    bytes += sizeof(Place) + paths.bytes(listing.places.back().path);
                }
                any_room = any_room || has_room();
            }
            return any_room;
        });
    };
    for (const Index commit : commits.order()) {
        listing.of_commit[commit].first = listing.places.size();
        list(history.introduces[commit], commit);
        listing.of_commit[commit].second = listing.places.size();
    }
    list(history.dangling, none);
    return listing;
}

std::vector<std::uint64_t> count_places(const CommitOrder& commits, const History& history, const PathSets& sets,
                                        Index token_count)
{
    const auto add = [](std::uint64_t& to, std::uint64_t what) {
        to = what > std::numeric_limits<std::uint64_t>::max() - to ? std::numeric_limits<std::uint64_t>::max()
                                                                   : to + what;
    };
    // Along how many paths each node stands in what some commit introduces. Nodes have larger numbers than all below
    // them, so downwards by number each is complete before it is passed on.
    std::vector<std::uint64_t> times(sets.set_count(), 0);
    for (const Index commit : commits.order()) {
        add(times[history.introduces[commit]], 1);
    }
    add(times[history.dangling], 1);
    std::vector<std::uint64_t> result(token_count, 0);
    std::vector<std::uint64_t> times_of_values(sets.values_count(), 0);
    for (SetId set = sets.set_count() - 1; set > 0; --set) {
        if (times[set] != 0) {
            for (const Edge& edge : sets.edges(set)) {
                add(names_tree(edge.element) ? times[edge.target] : times_of_values[edge.target], times[set]);
            }
        }
    }
    for (ValuesId values = 1; values < sets.values_count(); ++values) {
        for (const Index token : times_of_values[values] == 0 ? std::span<const Index>() : sets.values(values)) {
            add(result[token], times_of_values[values]);
        }
    }
    return result;
}

}  // namespace r8scan::attribution
