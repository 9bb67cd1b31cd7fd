#include "engine/attribution_input.h"

#include <algorithm>

namespace r8scan {

using attribution::Index;
using attribution::none;
using git::EntryIndex;

namespace {

Index number_in(const std::vector<EntryIndex>& sorted, EntryIndex entry)
{
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), entry);
    return at != sorted.end() && *at == entry ? static_cast<Index>(at - sorted.begin()) : none;
}

// Marks every tree from which a hit blob can be reached: backwards along the links.
std::vector<bool> mark_trees(const attribution::TreePass& trees, const std::vector<EntryIndex>& blobs,
                             std::vector<bool>& blob_has_tree)
{
    const auto count = trees.trees.size();
    std::vector<std::uint32_t> parent_begin(count + 1, 0);
    std::vector<bool> marked(count, false);
    std::vector<Index> open;
    const auto mark = [&](Index tree) {
        if (!marked[tree]) {
            marked[tree] = true;
            open.push_back(tree);
        }
    };
    // Entry → tree number, so that each link costs one look-up and not a search.
    std::vector<Index> tree_of(count == 0 ? 0 : trees.trees.back() + std::size_t{1}, none);
    for (Index tree = 0; tree < count; ++tree) {
        tree_of[trees.trees[tree]] = tree;
    }
    const auto child_of = [&](const attribution::TreeLink& link) {
        return link.target < tree_of.size() ? tree_of[link.target] : none;
    };
    for (Index tree = 0; tree < count; ++tree) {
        for (const auto& link : trees.links_of(tree)) {
            if (const auto child = child_of(link); child != none) {
                ++parent_begin[child + 1];
            } else if (const auto blob = number_in(blobs, link.target); blob != none) {
                blob_has_tree[blob] = true;
                mark(tree);
            }
        }
    }
    for (std::size_t i = 1; i <= count; ++i) {
        parent_begin[i] += parent_begin[i - 1];
    }
    std::vector<Index> parents(parent_begin.back());
    auto next = parent_begin;
    for (Index tree = 0; tree < count; ++tree) {
        for (const auto& link : trees.links_of(tree)) {
            if (const auto child = child_of(link); child != none) {
                parents[next[child]++] = tree;
            }
        }
    }
    while (!open.empty()) {
        const auto tree = open.back();
        open.pop_back();
        for (auto at = parent_begin[tree]; at < parent_begin[tree + 1]; ++at) {
            mark(parents[at]);
        }
    }
    return marked;
}

}  // namespace

AttributionInput build_attribution_input(const git::ObjectTable& table, const CommitGraph& graph,
                                         const TokenTable& tokens, const attribution::TreePass& trees)
{
    AttributionInput result;
    auto& input = result.input;
    for (const auto& object : tokens.objects) {
        if (object.type == git::ObjectType::blob) {
            result.blobs.push_back(object.entry);
            auto& list = input.blob_tokens.emplace_back();
            for (const auto& token : object.tokens) {
                list.push_back(token.token);
            }
        }
    }
    result.blob_has_tree.assign(result.blobs.size(), false);
    input.token_count = static_cast<Index>(tokens.tokens.size());
    input.names = trees.names;

    const auto marked = mark_trees(trees, result.blobs, result.blob_has_tree);
    std::vector<Index> dense(marked.size(), none);
    Index count = 0;
    for (std::size_t tree = 0; tree < marked.size(); ++tree) {
        if (marked[tree]) {
            dense[tree] = count++;
        }
    }
    input.tree_begin.push_back(0);
    for (std::size_t tree = 0; tree < marked.size(); ++tree) {
        if (!marked[tree]) {
            continue;
        }
        for (const auto& link : trees.links_of(tree)) {
            if (const auto child = number_in(trees.trees, link.target); child != none) {
                if (marked[child]) {
                    input.entries.push_back({link.name, dense[child], true});
                }
            } else if (const auto blob = number_in(result.blobs, link.target); blob != none) {
                input.entries.push_back({link.name, blob, false});
            }
        }
        input.tree_begin.push_back(static_cast<std::uint32_t>(input.entries.size()));
    }

    for (std::size_t i = 0; i < graph.commits.size(); ++i) {
        const auto& record = graph.commits[i];
        attribution::Commit commit;
        const auto tree = number_in(trees.trees, record.tree);
        commit.tree = tree == none ? none : dense[tree];
        commit.parents = graph.parents[i];
        commit.missing_parent = !record.missing_parents.empty() || graph.parents[i].size() != record.parents.size();
        commit.reachable = graph.reachable[i];
        commit.time = record.time;
        input.commits.push_back(std::move(commit));
        input.commit_ids.emplace_back(as_text(table.id(record.entry)));
    }
    for (const auto& tip : graph.tips) {
        input.tips.push_back({tip.name, tip.commit, tip.is_ref});
    }
    std::stable_sort(input.tips.begin(), input.tips.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    input.head = graph.head;
    return result;
}

}  // namespace r8scan
