#include "source/range_changes.h"

#include "util/threads.h"

#include <algorithm>

namespace r8scan::source {

namespace {

// Neighbours share most of their trees, so a thread takes them together.
constexpr std::size_t steps_at_once = 32;

// Threads beyond the pieces of work would only open readers.
unsigned useful_threads(unsigned threads, std::size_t pieces)
{
    return static_cast<unsigned>(std::clamp<std::size_t>(pieces, 1, std::max(threads, 1U)));
}

void list_step(TreeReader& trees, const TreeStep& step, std::size_t shortest_name, Brought& brought, Problems& problems)
{
    TreeChangeVisitor visitor;
    visitor.changed = [&](const TreeChange& change) { brought.files.push_back({change.entry.id, change.path}); };
    visitor.named = [&](const std::string& folder, const std::string& name, const git::ObjectId& tree) {
        if (name.size() >= shortest_name) {
            const auto begin = folder.empty() ? 0 : folder.size() + 1;
            brought.names.push_back({folder.empty() ? name : folder + '/' + name, begin, tree});
        }
    };
    visit_changes(trees, step.tree, step.others, visitor, problems);
}

}  // namespace

Brought list_brought(const git::ObjectStores& stores, const git::ReadLimits& limits, const std::vector<TreeStep>& steps,
                     std::size_t shortest_name, unsigned threads, Control& control, TreeProblems& tree_problems,
                     Problems& problems)
{
    const auto pieces = (steps.size() + steps_at_once - 1) / steps_at_once;
    std::vector<Brought> of_piece(pieces);
    std::atomic<std::size_t> next{0};
    run_on_threads(useful_threads(threads, pieces), [&](unsigned) {
        git::ObjectDatabase objects(stores, limits);
        TreeReader trees(objects, tree_problems);
        for (std::size_t piece = next++; piece < pieces; piece = next++) {
            const auto end = std::min(steps.size(), (piece + 1) * steps_at_once);
            for (std::size_t step = piece * steps_at_once; step < end && !control.stop; ++step) {
                list_step(trees, steps[step], shortest_name, of_piece[piece], problems);
                ++control.objects_done;
            }
        }
    });

    Brought all;
    std::set<std::pair<git::ObjectId, std::string>> files;
    std::set<std::string> names;
    for (auto& piece : of_piece) {
        for (auto& file : piece.files) {
            if (files.emplace(file.id, file.path).second) {
                all.files.push_back(std::move(file));
            }
        }
        for (auto& name : piece.names) {
            if (names.insert(name.path).second) {
                all.names.push_back(std::move(name));
            }
        }
        piece = {};
    }
    return all;
}

}  // namespace r8scan::source
