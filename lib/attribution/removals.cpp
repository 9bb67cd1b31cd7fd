// See removals.h.
#include "attribution/removals.h"

#include "attribution/pruned_walk.h"

namespace r8scan::attribution {

namespace {

/// Appends names to the places of sets, up to a number for each place.
class NameLists {
public:
    NameLists(std::size_t places, std::uint32_t names_per_place) : m_lists(places), m_most(names_per_place) {}

    void note(SetId places, Index name)
    {
        if (places != 0) {
            m_notes.push_back({places, name});
        }
    }

    /// Fills the lists in the order of the notes, which is put off until the sets no longer change.
    std::vector<std::vector<Index>> fill(const PathSets& sets, PathTable& paths)
    {
        PrunedWalk walk(sets);
        for (const auto& [places, name] : m_notes) {
            walk.run(places, paths, [&, name = name](std::span<const std::uint32_t> here, auto&&) {
                bool any_room = false;
                for (const std::uint32_t place : here) {
                    if (m_lists[place].size() < m_most) {
                        m_lists[place].push_back(name);
                    }
                    any_room = any_room || m_lists[place].size() < m_most;
                }
                return any_room;
            });
        }
        return std::move(m_lists);
    }

private:
    struct Note {
        SetId places = 0;
        Index name = none;
    };
    std::vector<std::vector<Index>> m_lists;
    std::vector<Note> m_notes;
    std::uint32_t m_most;
};

}  // namespace

PlaceSets::PlaceSets(const Input& input, const Limits& limits, const Listing& listing, const PathSets& sets,
                     PathTable& paths, std::uint64_t steps)
    : m_input(input),
      m_limits(limits),
      m_listing(listing),
      m_sets(sets),
      m_paths(paths),
      m_token_of(listing.tokens()),
      m_places(steps)
{
}

SetId PlaceSets::build(std::size_t first, std::size_t last)
{
    std::vector<PathSets::Item> items;
    items.reserve(last - first);
    for (std::size_t place = first; place < last; ++place) {
        items.push_back({m_paths.elements(m_listing.places[place].path), static_cast<std::uint32_t>(place)});
    }
    return m_places.build(items);
}

std::vector<std::vector<Index>> PlaceSets::find_removers(const CommitOrder& commits, const History& history)
{
    NameLists removers(m_listing.places.size(), m_limits.names_per_place);
    std::vector<SetId> still_held(m_input.commits.size(), 0);
    for (const Index commit : commits.order()) {
        SetId held = 0;
        for (const Index parent : commits.parents(commit)) {
            // What a ref reaches was not removed by a commit that no ref reaches.
            if (m_input.commits[parent].reachable == m_input.commits[commit].reachable) {
                held = m_places.unite(held, still_held[parent]);
            }
        }
        const SetId lost = select(held, history.loses[commit]);
        const SetId removed = select(held, history.removes[commit]);
        held = m_places.subtract(held, lost);
        if (const auto& [first, last] = m_listing.of_commit[commit]; first != last) {
            held = m_places.unite(held, build(first, last));
        }
        if (m_places.spent()) {
            ++m_unfinished;
            continue;
        }
        removers.note(removed, commit);
        still_held[commit] = held;
    }
    return removers.fill(m_places, m_paths);
}

std::vector<std::vector<Index>> PlaceSets::find_tips(const CommitOrder& commits, const History& history)
{
    std::vector<SetId> reachable;
    std::vector<SetId> unreachable;
    for (const Index commit : commits.order()) {
        if (const auto& [first, last] = m_listing.of_commit[commit]; first != last) {
            (m_input.commits[commit].reachable ? reachable : unreachable).push_back(build(first, last));
        }
    }
    const SetId of_refs = m_places.unite_all(std::move(reachable));
    const SetId of_reflogs = m_places.unite_all(std::move(unreachable));
    NameLists names(m_listing.places.size(), m_limits.names_per_place);
    for (Index tip = 0; tip < m_input.tips.size(); ++tip) {
        const Index commit = m_input.tips[tip].commit;
        if (commit != none && !commits.is_left_out(commit)) {
            const SetId held = select(m_input.tips[tip].is_ref ? of_refs : of_reflogs, history.holds[commit]);
            names.note(held, tip);
            m_unfinished += m_places.spent() ? 1U : 0U;
        }
    }
    return names.fill(m_places, m_paths);
}

}  // namespace r8scan::attribution
