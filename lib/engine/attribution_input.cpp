#include "engine/attribution_input.h"

#include <algorithm>
#include <map>

namespace r8scan {

using attribution::Index;
using attribution::none;
using git::EntryIndex;

namespace {

// Entry → number, for a sorted list of entries: one look-up and no search.
class Numbers {
public:
    explicit Numbers(const std::vector<EntryIndex>& sorted) : m_numbers(sorted.empty() ? 0 : sorted.back() + std::size_t{1}, none)
    {
        for (Index number = 0; number < sorted.size(); ++number) {
            m_numbers[sorted[number]] = number;
        }
    }
    [[nodiscard]] Index of(EntryIndex entry) const { return entry < m_numbers.size() ? m_numbers[entry] : none; }

private:
    std::vector<Index> m_numbers;
};

// A name in a tree that holds tokens. To attribution it is a file of that name in that folder, with the tokens in it.
struct HitName {
    Index name = none;  // into Input::names
    Index blob = none;  // the number that stands for it
};
using HitNames = std::map<Index, std::vector<HitName>>;  // by tree

HitNames add_names(const TokenTable& tokens, const Numbers& tree_numbers, AttributionInput& result)
{
    HitNames names;
    auto& input = result.input;
    std::map<std::string, Index> number_of;  // of names with a token: they are few
    for (const auto& object : tokens.objects) {
        for (const auto& token : object.tokens) {
            if (object.type == git::ObjectType::tree) {
                number_of.emplace(tokens.tokens[token.token].inner_path, none);
            }
        }
    }
    for (Index name = 0; !number_of.empty() && name < input.names.size(); ++name) {
        if (const auto at = number_of.find(input.names[name]); at != number_of.end()) {
            at->second = name;
        }
    }
    for (auto& [name, number] : number_of) {
        if (number == none) {
            number = static_cast<Index>(input.names.size());
            input.names.push_back(name);
        }
    }
    for (const auto& object : tokens.objects) {
        if (object.type != git::ObjectType::tree || tree_numbers.of(object.entry) == none) {
            continue;
        }
        std::map<std::string, std::vector<Index>> by_name;
        for (const auto& token : object.tokens) {
            by_name[tokens.tokens[token.token].inner_path].push_back(token.token);
        }
        for (auto& [name, held] : by_name) {
            names[tree_numbers.of(object.entry)].push_back(
                {number_of.at(name), static_cast<Index>(result.blobs.size())});
            result.blobs.push_back(object.entry);
            result.blob_has_tree.push_back(true);
            input.blob_tokens.push_back(std::move(held));
        }
    }
    return names;
}

// Marks every tree from which a hit blob can be reached: backwards along the links.
std::vector<bool> mark_trees(const attribution::TreePass& trees, const Numbers& tree_numbers, const Numbers& blob_numbers,
                             const HitNames& hit_names, std::vector<bool>& blob_has_tree)
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
    for (const auto& [tree, names] : hit_names) {
        mark(tree);
    }
    for (Index tree = 0; tree < count; ++tree) {
        for (const auto& link : trees.links_of(tree)) {
            if (const auto child = tree_numbers.of(link.target); child != none) {
                ++parent_begin[child + 1];
            } else if (const auto blob = blob_numbers.of(link.target); blob != none) {
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
            if (const auto child = tree_numbers.of(link.target); child != none) {
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

    const Numbers tree_numbers(trees.trees);
    const Numbers blob_numbers(result.blobs);
    result.real_blobs = result.blobs.size();
    const auto hit_names = add_names(tokens, tree_numbers, result);
    const auto marked = mark_trees(trees, tree_numbers, blob_numbers, hit_names, result.blob_has_tree);
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
            if (const auto child = tree_numbers.of(link.target); child != none) {
                if (marked[child]) {
                    input.entries.push_back({link.name, dense[child], true});
                }
            } else if (const auto blob = blob_numbers.of(link.target); blob != none) {
                input.entries.push_back({link.name, blob, false});
            }
        }
        if (const auto names = hit_names.find(static_cast<Index>(tree)); names != hit_names.end()) {
            for (const auto& [name, blob] : names->second) {
                input.entries.push_back({name, blob, false});
            }
        }
        input.tree_begin.push_back(static_cast<std::uint32_t>(input.entries.size()));
    }

    for (std::size_t i = 0; i < graph.commits.size(); ++i) {
        const auto& record = graph.commits[i];
        attribution::Commit commit;
        const auto tree = tree_numbers.of(record.tree);
        commit.tree = tree == none ? none : dense[tree];
        commit.parents = graph.parents[i];
        commit.missing_parent = !record.missing_parents.empty() || graph.parents[i].size() != record.parents.size();
        commit.reachable = graph.reachable[i];
        commit.time = record.time;
        input.commits.push_back(std::move(commit));
        input.commit_ids.emplace_back(as_text(table.id(record.entry)));
    }
    for (const auto& tip : graph.tips) {
        auto commit = tip.commit;
        const auto tree = tip.commit == no_commit ? tree_numbers.of(tip.object) : none;
        if (tip.is_ref && tree != none && dense[tree] != none) {
            // A ref that names a tree counts as a commit of that tree without parents, numbered behind the real ones.
            commit = static_cast<Index>(input.commits.size());
            input.commits.push_back({dense[tree], {}, false, true, 0});
            input.commit_ids.emplace_back(as_text(table.id(tip.object)));
        }
        input.tips.push_back({tip.name, commit, tip.is_ref});
    }
    std::stable_sort(input.tips.begin(), input.tips.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    input.head = graph.head;
    return result;
}

}  // namespace r8scan
