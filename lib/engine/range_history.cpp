#include "engine/range_history.h"

#include "git/revision.h"

namespace r8scan {

using attribution::Index;
using git::ObjectId;

CommitGraph graph_of_range(const std::vector<const source::RangeCommit*>& commits, std::size_t inside,
                           const std::map<ObjectId, git::EntryIndex>& entries, const LookupRepository& repository,
                           Problems& problems)
{
    CommitGraph graph;
    std::map<ObjectId, CommitNumber> number_of;
    for (std::size_t i = 0; i < commits.size(); ++i) {
        number_of.emplace(commits[i]->id, static_cast<CommitNumber>(i));
    }
    graph.parents.resize(commits.size());
    for (std::size_t i = 0; i < commits.size(); ++i) {
        CommitRecord record;
        record.entry = entries.at(commits[i]->id);
        record.time = commits[i]->time;
        for (const auto& parent : commits[i]->parents) {
            const auto at = number_of.find(parent);
            if (at != number_of.end() && i < inside) {
                graph.parents[i].push_back(at->second);
            } else if (at == number_of.end()) {
                record.missing_parents.push_back(parent);
            }
        }
        graph.commits.push_back(std::move(record));
    }
    graph.reachable.assign(commits.size(), true);
    for (const auto& ref : repository.refs.refs) {
        const auto commit = git::peel_tags(ref.target, *repository.objects);
        const bool may_be_there =
            !commit && (commit.error().code() == ErrorCode::io || commit.error().code() == ErrorCode::limit);
        if (may_be_there) {
            problems.add("unreadable ref", r8scan::quoted(ref.name) + ": " + commit.error().message(), "scan again");
        }
        const auto at = commit ? number_of.find(*commit) : number_of.end();
        NamedTip tip;
        tip.name = ref.name;
        tip.commit = at == number_of.end() ? no_commit : at->second;
        if (ref.name == "HEAD") {
            graph.head = tip.commit;
        }
        graph.tips.push_back(std::move(tip));
    }
    return graph;
}

AttributionInput input_of_range(const std::vector<const source::RangeCommit*>& commits, std::size_t inside,
                                const std::vector<HeldPaths>& held, const TokenTable& tokens, const CommitGraph& graph)
{
    AttributionInput all;
    auto& input = all.input;
    std::map<git::EntryIndex, Index> blob_of;
    for (const auto& object : tokens.objects) {
        const bool stands_at_paths = object.type == git::ObjectType::blob || object.type == git::ObjectType::tree;
        if (!stands_at_paths) {
            continue;
        }
        blob_of.emplace(object.entry, static_cast<Index>(all.blobs.size()));
        all.blobs.push_back(object.entry);
        auto& list = input.blob_tokens.emplace_back();
        for (const auto& token : object.tokens) {
            list.push_back(token.token);
        }
    }
    all.real_blobs = all.blobs.size();
    all.blob_has_tree.assign(all.blobs.size(), false);
    input.token_count = static_cast<Index>(tokens.tokens.size());
    std::map<std::string, Index> name_of;
    input.tree_begin.push_back(0);
    for (std::size_t i = 0; i < commits.size(); ++i) {
        for (const auto& [path, entry] : held[i]) {
            const auto blob = blob_of.find(entry);
            if (blob == blob_of.end()) {
                continue;  // nothing in it counts
            }
            const auto [name, is_new] = name_of.try_emplace(path, static_cast<Index>(input.names.size()));
            if (is_new) {
                input.names.push_back(path);
            }
            input.entries.push_back({name->second, blob->second, false});
            all.blob_has_tree[blob->second] = true;
        }
        input.tree_begin.push_back(static_cast<std::uint32_t>(input.entries.size()));
        attribution::Commit commit;
        commit.tree = static_cast<Index>(i);
        commit.parents.assign(graph.parents[i].begin(), graph.parents[i].end());
        commit.missing_parent = i < inside && !graph.commits[i].missing_parents.empty();
        commit.reachable = true;
        commit.time = commits[i]->time;
        input.commits.push_back(std::move(commit));
        input.commit_ids.emplace_back(as_text(commits[i]->id.raw()));
    }
    for (const auto& tip : graph.tips) {
        input.tips.push_back({tip.name, tip.commit, true});
    }
    input.head = graph.head;
    return all;
}

}  // namespace r8scan
