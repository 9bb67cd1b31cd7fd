// See history.h.
#include "attribution/history.h"

namespace r8scan::attribution {

namespace {

class Walk {
public:
    Walk(const Input& input, const CommitOrder& commits, const MarkedTrees& trees, PathSets& sets)
        : m_input(input), m_commits(commits), m_sets(sets), m_ever_held(input.commits.size(), 0)
    {
        const std::size_t count = input.commits.size();
        m_history.holds.resize(count, 0);
        m_history.introduces.resize(count, 0);
        m_history.loses.resize(count, 0);
        m_history.removes.resize(count, 0);
        for (const Index commit : commits.order()) {
            m_history.holds[commit] = trees.set_of(input.commits[commit].tree);
            visit(commit);
        }
    }

    /// All (path, token) that some commit holds, or some reachable commit.
    SetId held_by_any(bool reachable_only)
    {
        // What a commit ever held is part of what its children ever held, so the youngest commits have it all.
        std::vector<char> has_child(m_input.commits.size(), 0);
        for (const Index commit : m_commits.order()) {
            if (!reachable_only || m_input.commits[commit].reachable) {
                for (const Index parent : m_commits.parents(commit)) {
                    has_child[parent] = 1;
                }
            }
        }
        std::vector<SetId> all;
        for (const Index commit : m_commits.order()) {
            if (has_child[commit] == 0 && (!reachable_only || m_input.commits[commit].reachable)) {
                all.push_back(m_ever_held[commit]);
            }
        }
        return m_sets.unite_all(std::move(all));
    }

    /// An amended commit or a stash repeats most of what the history it left still holds.
    void leave_to_reachable_commits()
    {
        SetId reachable = 0;
        bool is_known = false;
        for (const Index commit : m_commits.order()) {
            SetId& introduced = m_history.introduces[commit];
            if (m_input.commits[commit].reachable || introduced == 0) {
                continue;
            }
            if (!is_known) {
                reachable = held_by_any(true);
                is_known = true;
            }
            introduced = m_sets.subtract(introduced, reachable);
            if (m_sets.spent()) {
                introduced = 0;
                ++m_history.unfinished;
            }
        }
    }

    History& history() { return m_history; }

private:
    void visit(Index commit)
    {
        const auto parents = m_commits.parents(commit);
        const SetId holds = m_history.holds[commit];
        SetId introduces = holds;
        SetId loses = 0;
        SetId ever = 0;
        for (const Index parent : parents) {
            introduces = m_sets.subtract(introduces, m_history.holds[parent]);
            loses = m_sets.unite(loses, m_sets.subtract(m_history.holds[parent], holds));
            ever = m_sets.unite(ever, m_ever_held[parent]);
        }
        SetId removes = loses;
        if (parents.size() > 1) {
            for (const Index parent : parents) {
                const SetId once = m_sets.intersect(removes, m_ever_held[parent]);
                const SetId gone = m_sets.subtract(once, m_history.holds[parent]);
                removes = m_sets.subtract(removes, gone);
            }
        }
        ever = m_sets.unite(ever, introduces);
        if (m_sets.spent()) {
            cut(commit);
            return;
        }
        m_history.introduces[commit] = introduces;
        m_history.loses[commit] = loses;
        m_history.removes[commit] = removes;
        m_ever_held[commit] = ever;
    }

    /// The steps are spent: only what follows from equal numbers is still known.
    void cut(Index commit)
    {
        const auto parents = m_commits.parents(commit);
        m_ever_held[commit] = parents.empty() ? 0 : m_ever_held[parents.front()];
        for (const Index parent : parents) {
            if (m_history.holds[parent] != m_history.holds[commit]) {
                ++m_history.unfinished;
                return;
            }
        }
        m_history.unfinished += parents.empty() && m_history.holds[commit] != 0 ? 1U : 0U;
    }

    const Input& m_input;
    const CommitOrder& m_commits;
    PathSets& m_sets;
    std::vector<SetId> m_ever_held;
    History m_history;
};

}  // namespace

History walk_history(const Input& input, const CommitOrder& commits, const MarkedTrees& trees, Index dangling_tree,
                     PathSets& sets)
{
    Walk walk(input, commits, trees, sets);
    walk.leave_to_reachable_commits();
    if (const SetId dangling = trees.set_of(dangling_tree); dangling != 0) {
        walk.history().dangling = sets.subtract(dangling, walk.held_by_any(false));
        walk.history().dangling = sets.spent() ? 0 : walk.history().dangling;
    }
    return std::move(walk.history());
}

}  // namespace r8scan::attribution
