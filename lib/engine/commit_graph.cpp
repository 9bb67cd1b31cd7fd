#include "engine/commit_graph.h"

#include <algorithm>

namespace r8scan {

using git::EntryIndex;
using git::no_entry;

namespace {

void link_parents(const git::ObjectTable& table, CommitGraph& graph, const std::vector<git::ObjectId>& shallow_boundary,
                  Problems& problems)
{
    graph.parents.resize(graph.commits.size());
    std::vector<CommitNumber> number_of(table.size(), no_commit);
    for (std::size_t i = 0; i < graph.commits.size(); ++i) {
        number_of[graph.commits[i].entry] = static_cast<CommitNumber>(i);
    }
    for (std::size_t i = 0; i < graph.commits.size(); ++i) {
        const auto& record = graph.commits[i];
        for (const auto entry : record.parents) {
            if (const auto parent = number_of[entry]; parent != no_commit) {
                graph.parents[i].push_back(parent);
            }
        }
        if (record.missing_parents.empty()) {
            continue;
        }
        const auto id = git::ObjectId::from_raw(table.id(record.entry));
        if (std::binary_search(shallow_boundary.begin(), shallow_boundary.end(), id)) {
            problems.add("shallow history", "commit " + id.hex() + ": its parents were not fetched",
                         "run `git fetch --unshallow`, then scan again");
            continue;
        }
        for (const auto& parent : record.missing_parents) {
            problems.add("missing object", "commit " + parent.hex() + ", parent of commit " + id.hex());
        }
    }
}

// Follows tags from an object to what they stand for. The tags passed go to `through`.
EntryIndex peel(const ObjectScan& scan, EntryIndex object, std::vector<EntryIndex>& through)
{
    constexpr int longest_tag_chain = 100;
    for (int i = 0; i < longest_tag_chain && object != no_entry; ++i) {
        const auto tag = std::lower_bound(scan.tags.begin(), scan.tags.end(), object,
                                          [](const TagRecord& t, EntryIndex e) { return t.entry < e; });
        if (tag == scan.tags.end() || tag->entry != object) {
            return object;
        }
        through.push_back(object);
        object = tag->target;
    }
    return no_entry;
}

void add_tips(const git::ObjectTable& table, const ObjectScan& scan, const git::Refs& refs, CommitGraph& graph,
              Problems& problems)
{
    for (const auto& ref : refs.refs) {
        NamedTip tip;
        tip.name = ref.name;
        const auto object = table.find(ref.target.raw());
        if (object == no_entry) {
            problems.add("missing object", ref.target.hex() + ", which ref \"" + ref.name + "\" names");
        }
        std::vector<EntryIndex> through;
        tip.object = peel(scan, object, through);
        for (const auto tag : through) {
            graph.refs_of_tag[tag].push_back(ref.name);
        }
        tip.commit = tip.object == no_entry ? no_commit : graph.find(tip.object);
        if (tip.commit == no_commit && tip.object != no_entry) {
            graph.refs_of_other[tip.object].push_back(ref.name);
        }
        if (ref.name == "HEAD") {
            graph.head = tip.commit;
        }
        graph.tips.push_back(std::move(tip));
    }
    for (const auto& entry : refs.reflogs) {
        // What a reflog names may have been pruned; only what a ref names must be there.
        const auto object = table.find(entry.target.raw());
        const auto commit = object == no_entry ? no_commit : graph.find(object);
        if (commit != no_commit) {
            graph.tips.push_back({entry.name, false, object, commit});
        }
    }
}

void mark_reachable(CommitGraph& graph)
{
    graph.reachable.assign(graph.commits.size(), false);
    std::vector<CommitNumber> open;
    const auto reach = [&](CommitNumber commit) {
        if (!graph.reachable[commit]) {
            graph.reachable[commit] = true;
            open.push_back(commit);
        }
    };
    for (const auto& tip : graph.tips) {
        if (tip.is_ref && tip.commit != no_commit) {
            reach(tip.commit);
        }
    }
    while (!open.empty()) {
        const auto commit = open.back();
        open.pop_back();
        for (const auto parent : graph.parents[commit]) {
            reach(parent);
        }
    }
}

}  // namespace

CommitNumber CommitGraph::find(EntryIndex entry) const
{
    const auto at = std::lower_bound(commits.begin(), commits.end(), entry,
                                     [](const CommitRecord& c, EntryIndex e) { return c.entry < e; });
    return at != commits.end() && at->entry == entry ? static_cast<CommitNumber>(at - commits.begin()) : no_commit;
}

CommitGraph build_commit_graph(const git::ObjectTable& table, ObjectScan& scan, const git::Refs& refs,
                               const std::vector<git::ObjectId>& shallow_boundary, Problems& problems)
{
    CommitGraph graph;
    graph.commits = std::move(scan.commits);
    link_parents(table, graph, shallow_boundary, problems);
    add_tips(table, scan, refs, graph, problems);
    mark_reachable(graph);
    return graph;
}

}  // namespace r8scan
