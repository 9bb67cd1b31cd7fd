#include "git/delta_walk.h"

namespace r8scan::git {

std::vector<EntryIndex> schedule_roots(const ObjectTable& table, const std::function<bool(ObjectType)>& visits)
{
    std::vector<EntryIndex> roots;
    unsigned heaviest = 0;
    for (EntryIndex entry = 0; entry < table.size(); ++entry) {
        const bool loose = table.is_loose(entry);
        if (table.fault(entry) != EntryFault::none || table.is_delta(entry) || (!loose && !visits(table.type(entry)))) {
            continue;
        }
        roots.push_back(entry);
        heaviest = std::max(heaviest, table.weight(entry));
    }
    // Only what could keep the others waiting at the end comes first (within a factor of 2^10 of the heaviest); the
    // many small ones stay in pack order, which is the order of the pages.
    constexpr unsigned spread = 4 * 10;
    const auto heavy_end = std::stable_partition(roots.begin(), roots.end(), [&](EntryIndex entry) {
        return table.weight(entry) + spread > heaviest && !table.children(entry).empty();
    });
    std::stable_sort(roots.begin(), heavy_end,
                     [&](EntryIndex a, EntryIndex b) { return table.weight(a) > table.weight(b); });
    return roots;
}

}  // namespace r8scan::git
