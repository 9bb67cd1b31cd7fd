#include "source/commit_range.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace r8scan::source {

using git::ObjectId;

namespace {

Result<RangeCommit> read_commit(git::ObjectDatabase& objects, const ObjectId& id)
{
    const auto object = objects.read(id);
    if (!object) {
        return object.error();
    }
    if (object->type != git::ObjectType::commit) {
        return Error(ErrorCode::damaged, "object " + id.hex() + ": is a " + to_string(object->type) + ", not a commit");
    }
    const auto commit = git::Commit::parse(object->content);
    if (!commit) {
        return commit.error().within("commit " + id.hex());
    }
    return RangeCommit{id, commit->tree, commit->parents, commit->committer.time};
}

// Marks spread from the tips to their ancestors, newest commit first, as long as a commit that is wanted waits.
class Painter {
public:
    struct Node {
        std::optional<RangeCommit> commit;  // empty: could not be read
        std::optional<Error> error;
        unsigned marks = 0;
        bool waits = false;
    };
    using IsWanted = bool (*)(unsigned marks);

    Painter(git::ObjectDatabase& objects, IsWanted is_wanted) : m_objects(objects), m_is_wanted(is_wanted) {}

    void mark(const ObjectId& id, unsigned marks)
    {
        auto [at, is_new] = m_nodes.try_emplace(id);
        auto& node = at->second;
        if (is_new) {
            auto commit = read_commit(m_objects, id);
            if (commit) {
                node.commit = std::move(*commit);
            } else {
                node.error = commit.error();
            }
        }
        const auto all = node.marks | marks;
        if (!is_new && all == node.marks) {
            return;
        }
        m_wanted -= node.waits && m_is_wanted(node.marks) ? 1U : 0U;
        node.marks = all;
        if (node.commit) {
            m_queue.insert({node.commit->time, id});
            node.waits = true;
            m_wanted += m_is_wanted(all) ? 1U : 0U;
        }
    }

    void run()
    {
        // A few more than needed: clocks that were wrong by a little do no harm then. (git's own number.)
        constexpr int slop = 5;
        for (int left = slop; !m_queue.empty() && left > 0;) {
            left = m_wanted != 0 ? slop : left - 1;
            const auto newest = std::prev(m_queue.end());
            auto& node = m_nodes.at(newest->second);
            m_queue.erase(newest);
            node.waits = false;
            m_wanted -= m_is_wanted(node.marks) ? 1U : 0U;
            const auto parents = node.commit->parents;
            const auto marks = node.marks;
            for (const auto& parent : parents) {
                mark(parent, marks);
            }
        }
    }

    [[nodiscard]] const std::map<ObjectId, Node>& nodes() const { return m_nodes; }

private:
    git::ObjectDatabase& m_objects;
    IsWanted m_is_wanted;
    std::map<ObjectId, Node> m_nodes;
    std::set<std::pair<std::int64_t, ObjectId>> m_queue;
    std::size_t m_wanted = 0;
};

constexpr unsigned included = 1;
constexpr unsigned excluded = 2;

// Parents first; of those whose parents are out, the one with the smallest id comes first. What is its own ancestor
// comes last, in any order.
std::vector<RangeCommit> parents_first(std::map<ObjectId, RangeCommit> commits)
{
    std::map<ObjectId, std::size_t> missing;
    std::map<ObjectId, std::vector<ObjectId>> children;
    std::set<std::pair<std::int64_t, ObjectId>> ready;
    for (const auto& [id, commit] : commits) {
        const std::set<ObjectId> parents(commit.parents.begin(), commit.parents.end());
        auto& count = missing[id];
        for (const auto& parent : parents) {
            if (commits.contains(parent)) {
                ++count;
                children[parent].push_back(id);
            }
        }
        if (count == 0) {
            ready.insert({commit.time, id});
        }
    }
    std::vector<RangeCommit> order;
    while (!ready.empty()) {
        const auto id = ready.begin()->second;
        ready.erase(ready.begin());
        for (const auto& child : children[id]) {
            if (--missing[child] == 0) {
                ready.insert({commits.at(child).time, child});
            }
        }
        order.push_back(std::move(commits.at(id)));
        commits.erase(id);
    }
    for (auto& [id, commit] : commits) {
        order.push_back(std::move(commit));
    }
    return order;
}

void name_unread(const Painter::Node& node, const ObjectId& id, const std::set<ObjectId>& below_shallow,
                 Problems& problems)
{
    if (below_shallow.contains(id)) {
        problems.add("shallow history", "commit " + id.hex() + " was not fetched",
                     "run `git fetch --unshallow`, then scan again");
    } else if (node.error->code() == ErrorCode::not_found) {
        problems.add("missing object", "commit " + id.hex(), "fetch the repository anew");
    } else {
        problems.add("damaged object", node.error->message(), "fetch the repository anew");
    }
}

}  // namespace

CommitRange list_commits(git::ObjectDatabase& objects, const std::vector<ObjectId>& include,
                         const std::vector<ObjectId>& exclude, const std::vector<ObjectId>& shallow, Problems& problems)
{
    Painter painter(objects, [](unsigned marks) { return marks == included; });
    for (const auto& id : exclude) {
        painter.mark(id, excluded);
    }
    for (const auto& id : include) {
        painter.mark(id, included);
    }
    painter.run();

    CommitRange range;
    std::map<ObjectId, RangeCommit> inside;
    std::set<ObjectId> below_shallow;
    std::set<ObjectId> parents;
    for (const auto& [id, node] : painter.nodes()) {
        if (node.marks == included && node.commit) {
            inside.emplace(id, *node.commit);
            parents.insert(node.commit->parents.begin(), node.commit->parents.end());
            if (std::binary_search(shallow.begin(), shallow.end(), id)) {
                below_shallow.insert(node.commit->parents.begin(), node.commit->parents.end());
            }
        }
    }
    for (const auto& [id, node] : painter.nodes()) {
        // Of a parent outside the range that is there and cannot be read it is unknown what it held.
        const bool is_unread_parent = node.error && node.error->code() != ErrorCode::not_found && parents.contains(id);
        if (node.error && (node.marks == included || is_unread_parent)) {
            name_unread(node, id, below_shallow, problems);
        }
        if (node.commit && node.marks != included && parents.contains(id)) {
            range.boundary.push_back(*node.commit);
        }
    }
    range.commits = parents_first(std::move(inside));
    return range;
}

std::vector<ObjectId> merge_bases(git::ObjectDatabase& objects, const ObjectId& a, const ObjectId& b)
{
    constexpr unsigned left = 1;
    constexpr unsigned right = 2;
    Painter painter(objects, [](unsigned marks) { return marks != (left | right); });
    painter.mark(a, left);
    painter.mark(b, right);
    painter.run();
    // Of the common ancestors those that are no parent of another.
    std::set<ObjectId> common;
    std::set<ObjectId> below;
    for (const auto& [id, node] : painter.nodes()) {
        if (node.marks == (left | right) && node.commit) {
            common.insert(id);
            below.insert(node.commit->parents.begin(), node.commit->parents.end());
        }
    }
    std::vector<ObjectId> best;
    std::set_difference(common.begin(), common.end(), below.begin(), below.end(), std::back_inserter(best));
    return best;
}

}  // namespace r8scan::source
