// See sketch.h.
#include "sketch.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <sstream>

namespace r8scan::attribution::test {

Components split(const std::string& path)
{
    Components result(1);
    for (const char c : path) {
        if (c == '/') {
            result.emplace_back();
        } else {
            result.back() += c;
        }
    }
    return result;
}

Index Sketch::blob(std::vector<Index> tokens)
{
    m_blobs.push_back(std::move(tokens));
    return static_cast<Index>(m_blobs.size() - 1);
}

Index Sketch::tree(const std::map<std::string, Index>& files)
{
    Files by_components;
    for (const auto& [path, hit] : files) {
        by_components[split(path)] = hit;
    }
    return tree_of(by_components);
}

Index Sketch::tree_of(const Files& files)
{
    if (files.empty()) {
        return none;
    }
    std::vector<Entry> entries;
    std::map<std::string, Files> below;
    for (const auto& [path, hit] : files) {
        if (path.size() == 1) {
            entries.push_back({path.front(), hit, false});
        } else {
            below[path.front()][Components(path.begin() + 1, path.end())] = hit;
        }
    }
    for (const auto& [name, subtree] : below) {
        entries.push_back({name, tree_of(subtree), true});
    }
    std::sort(entries.begin(), entries.end());
    if (const auto known = m_known_trees.find(entries); known != m_known_trees.end()) {
        return known->second;
    }
    const Index result = raw_tree(entries);
    m_known_trees[entries] = result;
    return result;
}

Index Sketch::raw_tree(std::vector<Entry> entries)
{
    m_trees.push_back(std::move(entries));
    return static_cast<Index>(m_trees.size() - 1);
}

Index Sketch::commit(Index tree, std::vector<Index> parents)
{
    Commit commit;
    commit.tree = tree;
    commit.parents = std::move(parents);
    commit.time = 1'700'000'000 + static_cast<std::int64_t>(m_commits.size());
    m_commits.push_back(std::move(commit));
    return static_cast<Index>(m_commits.size() - 1);
}

Index Sketch::commit(const std::map<std::string, Index>& files, std::vector<Index> parents)
{
    return commit(tree(files), std::move(parents));
}

Input Sketch::input() const
{
    Input input;
    std::map<std::string, Index> names;
    input.tree_begin.push_back(0);
    for (const std::vector<Entry>& tree : m_trees) {
        for (const Entry& entry : tree) {
            const auto [name, is_new] = names.try_emplace(entry.name, static_cast<Index>(names.size()));
            if (is_new) {
                input.names.push_back(entry.name);
            }
            input.entries.push_back({name->second, entry.target, entry.is_tree});
        }
        input.tree_begin.push_back(static_cast<std::uint32_t>(input.entries.size()));
    }
    input.blob_tokens = m_blobs;
    for (const std::vector<Index>& tokens : m_blobs) {
        for (const Index token : tokens) {
            input.token_count = std::max(input.token_count, token + 1);
        }
    }
    input.commits = m_commits;
    for (Index commit = 0; commit < m_commits.size(); ++commit) {
        std::string id(20, '\0');
        // Scattered, so that the order of ids is not that of numbers.
        const std::uint32_t scattered = commit * 2654435761U;
        for (unsigned i = 0; i < 4; ++i) {
            id[i] = static_cast<char>((scattered >> (24U - 8U * i)) & 0xffU);
        }
        input.commit_ids.push_back(id);
    }
    input.tips = m_tips;
    std::ranges::stable_sort(input.tips, {}, &Tip::name);
    input.head = m_head;

    std::vector<Index> queue{m_head};
    for (const Tip& tip : m_tips) {
        if (tip.is_ref) {
            queue.push_back(tip.commit);
        }
    }
    while (!queue.empty()) {
        const Index commit = queue.back();
        queue.pop_back();
        if (commit != none && !input.commits[commit].reachable) {
            input.commits[commit].reachable = true;
            queue.insert(queue.end(), input.commits[commit].parents.begin(), input.commits[commit].parents.end());
        }
    }
    return input;
}

Input renumber(const Input& input, std::uint32_t seed, std::vector<Index>* commit_of, std::vector<Index>* blob_of)
{
    std::mt19937 random(seed);
    const auto shuffled = [&random](std::size_t count) {
        std::vector<Index> order(count);
        std::iota(order.begin(), order.end(), 0U);
        std::shuffle(order.begin(), order.end(), random);
        return order;
    };
    const auto inverse = [](const std::vector<Index>& order) {
        std::vector<Index> result(order.size());
        for (Index i = 0; i < order.size(); ++i) {
            result[order[i]] = i;
        }
        return result;
    };
    const std::vector<Index> names = shuffled(input.names.size());
    const std::vector<Index> trees = shuffled(input.tree_count());
    const std::vector<Index> blobs = shuffled(input.blob_tokens.size());
    const std::vector<Index> commits = shuffled(input.commits.size());
    const auto new_name = inverse(names);
    const auto new_tree = inverse(trees);
    const auto new_blob = inverse(blobs);
    const auto new_commit = inverse(commits);

    Input result;
    for (const Index name : names) {
        result.names.push_back(input.names[name]);
    }
    result.tree_begin.push_back(0);
    for (const Index tree : trees) {
        for (std::size_t i = input.tree_begin[tree]; i < input.tree_begin[tree + 1]; ++i) {
            const TreeEntry& entry = input.entries[i];
            const Index target = entry.is_tree ? new_tree[entry.target] : new_blob[entry.target];
            result.entries.push_back({new_name[entry.name], target, entry.is_tree});
        }
        result.tree_begin.push_back(static_cast<std::uint32_t>(result.entries.size()));
    }
    for (const Index blob : blobs) {
        result.blob_tokens.push_back(input.blob_tokens[blob]);
    }
    for (const Index commit : commits) {
        Commit copy = input.commits[commit];
        copy.tree = copy.tree == none ? none : new_tree[copy.tree];
        for (Index& parent : copy.parents) {
            parent = new_commit[parent];
        }
        result.commits.push_back(std::move(copy));
        result.commit_ids.push_back(input.commit_ids[commit]);
    }
    result.tips = input.tips;
    for (Tip& tip : result.tips) {
        tip.commit = tip.commit == none ? none : new_commit[tip.commit];
    }
    result.head = input.head == none ? none : new_commit[input.head];
    result.token_count = input.token_count;
    if (commit_of != nullptr) {
        *commit_of = commits;
    }
    if (blob_of != nullptr) {
        *blob_of = blobs;
    }
    return result;
}

std::string describe(const Place& place)
{
    std::ostringstream out;
    const auto number = [](Index index) { return index == none ? std::string("-") : std::to_string(index); };
    const auto list = [&](const std::vector<Index>& indices) {
        std::string result = "[";
        for (const Index index : indices) {
            result += number(index) + ' ';
        }
        return result + "]";
    };
    out << "token " << place.token << " at \"" << place.path << "\" blob " << number(place.blob) << " commit "
        << number(place.commit) << (place.at_or_before ? " or before" : "") << " removed " << list(place.removed_in)
        << " head " << place.at_head << " \"" << place.head_path << "\" blob " << number(place.head_blob) << " to \""
        << place.moved_to << "\" from \"" << place.moved_from << "\" tips " << list(place.tips)
        << (place.reachable ? "" : " unreachable");
    return out.str();
}

std::string describe(const Output& output)
{
    std::ostringstream out;
    for (const Place& place : output.places) {
        out << describe(place) << '\n';
    }
    for (const std::uint64_t count : output.places_of_token) {
        out << count << ' ';
    }
    out << "cycles " << output.trees_in_cycles << ' ' << output.commits_in_cycles << " deep " << output.trees_too_deep
        << " unfinished " << output.unfinished << '\n';
    return out.str();
}

}  // namespace r8scan::attribution::test
