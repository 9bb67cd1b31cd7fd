// Visits every object of chosen types once, in the order that makes deltas cheap: a base is inflated or built once and
// shared by all its deltas.
//
// Model: the deltas of a repository form trees, with whole objects as roots. Each worker takes roots from a common list,
// heaviest first, and goes down depth-first; deltas without children ("leaves") are visited at once, while their base is
// still in the cache; deltas with children become tasks on the worker's own stack, the heaviest at the bottom. A worker
// without work takes tasks from the bottom of another's stack, so one large tree keeps all workers busy (as
// gitoxide's gix-pack traverses). Live bases are counted; beyond a cap a task goes on the stack without its base,
// which is rebuilt when the task's turn comes.
//
// What is done with the objects is the Visitor's:
//
//   struct Visitor {
//       struct State;                      // what it knows of a base while its children are visited; movable
//       // A whole object.
//       State whole(EntryIndex, ObjectType, Bytes content);
//       // A delta, before it is built. True: build it even if it has no children of its own. False says also that
//       // every instruction was read and found right.
//       Result<bool> wants_built(EntryIndex, ObjectType, Bytes base, const State& base_state, const Delta&);
//       // After that, on the same thread, one of these two: it was not built, or it was.
//       void passed_over(EntryIndex, ObjectType, const Delta&);
//       State built(EntryIndex, ObjectType, Bytes content, Bytes base, const State& base_state, const Delta&);
//       // The state of an object that was visited before and whose base had to be dropped. No side effects.
//       State again(EntryIndex, ObjectType, Bytes content);
//       // A whole object too large for memory; the visitor inflates it in windows.
//       void streamed(EntryIndex, ObjectType, const StoredObject&);
//       // Could not be read, and therefore was not visited.
//       void failed(EntryIndex, const Error&);
//       // Need not be there. Behind whole(): the file of a loose object goes on behind its end.
//       void left_bytes(EntryIndex);
//   };
//
// One visitor for each worker; they are called from one thread each.
#pragma once

#include "git/entry_reader.h"
#include "git/walk_memory.h"
#include "util/threads.h"

#include <chrono>
#include <functional>
#include <thread>

namespace r8scan::git {

struct WalkPlan {
    std::function<bool(ObjectType)> visits;        // of objects in packs
    std::function<bool(ObjectType)> visits_loose;  // of loose objects, whose type only opening tells
    ReadLimits limits;
    const std::atomic<bool>* stop = nullptr;
    std::atomic<std::uint64_t>* objects_done = nullptr;  // progress
    std::atomic<std::uint64_t>* bytes_done = nullptr;
};

/// The roots of delta trees whose types are visited: heaviest first, then in table order.
std::vector<EntryIndex> schedule_roots(const ObjectTable& table, const std::function<bool(ObjectType)>& visits);

template <typename Visitor>
class DeltaWalk {
public:
    DeltaWalk(const ObjectTable& table, const WalkPlan& plan) : m_table(table), m_plan(plan) {}

    /// Runs until every object is visited or failed, or the plan's stop flag is set. visitors.size() is the number of
    /// threads.
    void run(std::vector<std::unique_ptr<Visitor>>& visitors)
    {
        m_roots = schedule_roots(m_table, m_plan.visits);
        for (auto& visitor : visitors) {
            m_workers.push_back(std::make_unique<Worker>(*this, *visitor));
        }
        run_on_threads(static_cast<unsigned>(m_workers.size()), [&](unsigned number) {
            try {
                m_workers[number]->run(number);
            } catch (...) {
                m_abandoned = true;  // its work stays undone: the others would wait for it for ever
                throw;
            }
        });
    }

    [[nodiscard]] std::uint64_t rebuilt_bytes() const { return m_rebuilt.load(); }
    [[nodiscard]] std::uint64_t dropped_bases() const { return m_dropped.load(); }

private:
    using State = typename Visitor::State;

    using Node = BaseNode<State>;
    using Task = DeltaTask<State>;

    class Worker {
    public:
        Worker(DeltaWalk& walk, Visitor& visitor)
            : m_walk(walk), m_table(walk.m_table), m_visitor(visitor), m_reader(walk.m_table), m_nodes(walk.m_live)
        {
        }

        // Tasks are left over only where the walk was stopped.
        ~Worker()
        {
            while (const auto task = m_tasks.pop_newest()) {
                if (task->base != nullptr) {
                    m_nodes.release(task->base);
                }
            }
        }
        Worker(const Worker&) = delete;
        Worker& operator=(const Worker&) = delete;

        void run(unsigned number)
        {
            constexpr std::size_t batch = 32;
            unsigned idle = 0;
            while (!stopped()) {
                finish_own_tasks();
                if (const auto begin = m_walk.claim_roots(batch); begin < m_walk.m_roots.size()) {
                    const auto end = std::min(begin + batch, m_walk.m_roots.size());
                    for (auto at = begin; at < end && !stopped(); ++at) {
                        visit_root(m_walk.m_roots[at]);
                        finish_own_tasks();
                    }
                    report_progress();
                    m_walk.m_pending.fetch_sub(1);
                } else if (steal(number)) {
                    idle = 0;
                } else if (m_walk.m_pending.load() == 0) {
                    break;
                } else if (++idle > 64) {
                    std::this_thread::sleep_for(std::chrono::microseconds(50));
                } else {
                    std::this_thread::yield();
                }
            }
            report_progress();
        }

    private:
        [[nodiscard]] bool stopped() const
        {
            return m_walk.m_abandoned.load(std::memory_order_relaxed) ||
                   (m_walk.m_plan.stop != nullptr && m_walk.m_plan.stop->load(std::memory_order_relaxed));
        }

        void report_progress()
        {
            if (m_walk.m_plan.objects_done != nullptr) {
                m_walk.m_plan.objects_done->fetch_add(std::exchange(m_objects, 0), std::memory_order_relaxed);
                m_walk.m_plan.bytes_done->fetch_add(std::exchange(m_bytes, 0), std::memory_order_relaxed);
            }
        }

        void count(std::uint64_t bytes)
        {
            ++m_objects;
            m_bytes += bytes;
            if (m_objects == 1024) {
                report_progress();
            }
        }

        void finish_own_tasks()
        {
            while (!stopped()) {
                const auto task = m_tasks.pop_newest();
                if (!task) {
                    return;
                }
                finish(*task);
            }
        }

        bool steal(unsigned number)
        {
            const auto& workers = m_walk.m_workers;
            for (std::size_t i = 1; i < workers.size(); ++i) {
                if (auto task = workers[(number + i) % workers.size()]->m_tasks.pop_oldest()) {
                    finish(*task);
                    return true;
                }
            }
            return false;
        }

        void finish(const Task& task)
        {
            visit_task(task);
            m_walk.m_pending.fetch_sub(1);
        }

        void visit_root(EntryIndex entry)
        {
            if (auto visited = within_memory([&] { return read_root(entry); }); !visited) {
                fail_all(entry, visited.error());
            }
        }

        Result<void> read_root(EntryIndex entry)
        {
            const auto& limits = m_walk.m_plan.limits;
            const auto children = m_table.children(entry);
            auto object = m_reader.open_whole(entry);
            if (!object) {
                return object.error();
            }
            if (m_table.is_loose(entry) && !m_walk.m_plan.visits_loose(object->type)) {
                return {};
            }
            const auto most = children.empty() ? limits.in_memory : std::max(limits.in_memory, limits.delta_result);
            if (object->size > most) {
                m_visitor.streamed(entry, object->type, *object);
                count(object->size);
                for (const auto child : children) {
                    fail_all(child, Error(ErrorCode::limit, "delta base of " + std::to_string(object->size) +
                                                                " bytes is over the limit"));
                }
                return {};
            }
            if (children.empty()) {
                const auto content = m_reader.inflate(*object, m_content);
                if (!content) {
                    return content.error();
                }
                m_visitor.whole(entry, object->type, *content);
                name_left_bytes(entry);
                m_content.trim(kept_scratch);
                count(object->size);
                return {};
            }
            auto node = m_nodes.make();
            const auto content = m_reader.inflate(*object, node->buffer);
            if (!content) {
                return content.error();
            }
            node->content = *content;
            node->type = object->type;
            node->state = m_visitor.whole(entry, object->type, *content);
            name_left_bytes(entry);
            count(object->size);
            visit_children(entry, std::move(node), 1);
            return {};
        }

        // The object is whole, so it is read; a visitor may want to know that its file is not sound.
        void name_left_bytes(EntryIndex entry)
        {
            if constexpr (requires { m_visitor.left_bytes(entry); }) {
                if (m_reader.left_bytes()) {
                    m_visitor.left_bytes(entry);
                }
            }
        }

        // Leaves at once, inner ones as tasks.
        void visit_children(EntryIndex entry, std::unique_ptr<Node> node, std::uint32_t depth)
        {
            m_inner.clear();
            for (const auto child : m_table.children(entry)) {
                if (m_table.children(child).empty()) {
                    visit_leaf(child, *node);
                } else {
                    m_inner.push_back(child);
                }
            }
            if (m_inner.empty()) {
                return m_nodes.recycle(std::move(node));
            }
            if (depth >= m_walk.m_plan.limits.chain) {
                for (const auto child : m_inner) {
                    fail_all(child, Error(ErrorCode::limit, "delta chain is longer than " + std::to_string(depth)));
                }
                return m_nodes.recycle(std::move(node));
            }
            // Popped from the back: the lightest first, the heaviest last, when nobody else needs the base any more.
            std::stable_sort(m_inner.begin(), m_inner.end(),
                             [&](EntryIndex a, EntryIndex b) { return m_table.weight(a) > m_table.weight(b); });
            const auto live = m_walk.m_live.load(std::memory_order_relaxed) + node->buffer.capacity();
            Node* base = nullptr;
            if (m_inner.size() == 1 || live <= m_walk.m_plan.limits.live_bases) {
                base = m_nodes.share(std::move(node), static_cast<std::uint32_t>(m_inner.size()));
            } else {
                m_walk.m_dropped.fetch_add(1, std::memory_order_relaxed);
                m_nodes.recycle(std::move(node));
            }
            for (const auto child : m_inner) {
                m_walk.m_pending.fetch_add(1);
                if (!m_tasks.push({child, depth, base, entry})) {
                    m_walk.m_pending.fetch_sub(1);
                    if (base != nullptr) {
                        m_nodes.release(base);
                    }
                    fail_all(child, no_memory());
                }
            }
        }

        void visit_task(const Task& task)
        {
            const auto release = [this](Node* node) { m_nodes.release(node); };
            std::unique_ptr<Node, decltype(release)> base(task.base, release);
            if (!base) {
                auto rebuilt = rebuild(task.base_entry);
                if (!rebuilt) {
                    return fail_all(task.entry, rebuilt.error());
                }
                base.reset(m_nodes.share(std::move(*rebuilt), 1));
            }
            auto node = m_nodes.make();
            const auto visited = visit_inner(task.entry, *base, *node);
            base.reset();
            m_delta.trim(kept_scratch);
            if (!visited) {
                m_nodes.recycle(std::move(node));
                return fail_all(task.entry, visited.error());
            }
            visit_children(task.entry, std::move(node), task.depth + 1);
        }

        // Memory that cannot be had costs the object, not the scan.
        template <typename Visit>
        static auto within_memory(Visit&& visit) -> decltype(visit())
        {
            try {
                return visit();
            } catch (const std::bad_alloc&) {
                return no_memory();
            }
        }
        static Error no_memory() { return {ErrorCode::limit, "not enough memory"}; }

        Result<void> visit_inner(EntryIndex entry, const Node& base, Node& node)
        {
            return within_memory([&] { return build_inner(entry, base, node); });
        }

        // A delta that has deltas of its own: built in any case.
        Result<void> build_inner(EntryIndex entry, const Node& base, Node& node)
        {
            const auto delta = open_delta(entry, base);
            if (!delta) {
                return delta.error();
            }
            if (auto wanted = m_visitor.wants_built(entry, base.type, base.content, base.state, *delta); !wanted) {
                return wanted.error();
            }
            if (auto done = build(*delta, base.content, node.buffer); !done) {
                return done;
            }
            node.content = node.buffer.bytes();
            node.type = base.type;
            node.state = m_visitor.built(entry, base.type, node.content, base.content, base.state, *delta);
            count(node.content.size());
            return {};
        }

        void visit_leaf(EntryIndex entry, const Node& base)
        {
            if (auto visited = within_memory([&] { return build_leaf(entry, base); }); !visited) {
                m_visitor.failed(entry, visited.error());
            }
            m_content.trim(kept_scratch);
            m_delta.trim(kept_scratch);
        }

        // A delta without deltas of its own: built only where the visitor wants it.
        Result<void> build_leaf(EntryIndex entry, const Node& base)
        {
            const auto delta = open_delta(entry, base);
            if (!delta) {
                return delta.error();
            }
            const auto wanted = m_visitor.wants_built(entry, base.type, base.content, base.state, *delta);
            if (!wanted) {
                return wanted.error();
            }
            if (!*wanted) {
                m_visitor.passed_over(entry, base.type, *delta);
            } else if (auto done = build(*delta, base.content, m_content); !done) {
                return done;
            } else {
                m_visitor.built(entry, base.type, m_content.bytes(), base.content, base.state, *delta);
            }
            count(delta->result_size());
            return {};
        }

        Result<Delta> open_delta(EntryIndex entry, const Node& base)
        {
            const auto stream = m_reader.inflate_delta(entry, m_walk.m_plan.limits, m_delta);
            if (!stream) {
                return stream.error();
            }
            if (auto within = check_size(*stream); !within) {
                return within.error();
            }
            return Delta::open(*stream, base.content.size());
        }

        // The declared size of a result, before anything is built or even checked.
        Result<void> check_size(Bytes stream)
        {
            const auto size = Delta::declared_size(stream);
            if (!size) {
                return size.error();
            }
            if (*size > m_walk.m_plan.limits.delta_result) {
                return Error(ErrorCode::limit, "delta result of " + std::to_string(*size) + " bytes is over the limit");
            }
            if (m_walk.m_rebuilt.load(std::memory_order_relaxed) > m_walk.m_plan.limits.rebuilt) {
                return Error(ErrorCode::limit, "deltas of this repository produce more than the limit of " +
                                                   std::to_string(m_walk.m_plan.limits.rebuilt) + " bytes");
            }
            return {};
        }

        Result<void> build(const Delta& delta, Bytes base, Buffer& out)
        {
            m_walk.m_rebuilt.fetch_add(delta.result_size(), std::memory_order_relaxed);
            return delta.apply(base, out.make(delta.result_size()).data());
        }

        // Rebuilds a base that was dropped, from the root of its chain.
        Result<std::unique_ptr<Node>> rebuild(EntryIndex entry)
        {
            return within_memory([&] { return build_chain(entry); });
        }

        Result<std::unique_ptr<Node>> build_chain(EntryIndex entry)
        {
            std::vector<EntryIndex> chain;
            auto at = entry;
            for (; at != no_entry && m_table.is_delta(at) && chain.size() <= m_walk.m_plan.limits.chain;
                 at = m_table.base(at)) {
                chain.push_back(at);
            }
            if (at == no_entry || m_table.is_delta(at)) {
                return Error(ErrorCode::damaged, "delta chain is not what it was");  // the pack changed meanwhile
            }
            auto node = m_nodes.make();
            const auto object = m_reader.open_whole(at);
            if (!object) {
                return object.error();
            }
            const auto content = m_reader.inflate(*object, node->buffer);
            if (!content) {
                return content.error();
            }
            node->content = *content;
            node->type = object->type;
            for (; !chain.empty(); chain.pop_back()) {
                const auto delta = open_delta(chain.back(), *node);
                if (!delta) {
                    return delta.error();
                }
                Buffer next;
                if (auto done = build(*delta, node->content, next); !done) {
                    return done.error();
                }
                node->buffer = std::move(next);
                node->content = node->buffer.bytes();
            }
            node->state = m_visitor.again(entry, node->type, node->content);
            return node;
        }

        // The entry could not be read, so neither can what is built upon it.
        void fail_all(EntryIndex entry, const Error& error)
        {
            m_visitor.failed(entry, error);
            std::vector<EntryIndex> below(m_table.children(entry).begin(), m_table.children(entry).end());
            while (!below.empty()) {
                const auto child = below.back();
                below.pop_back();
                m_visitor.failed(child, error.within("delta base"));
                below.insert(below.end(), m_table.children(child).begin(), m_table.children(child).end());
            }
        }

        static constexpr std::size_t kept_scratch = 8U << 20U;

        DeltaWalk& m_walk;
        const ObjectTable& m_table;
        Visitor& m_visitor;
        EntryReader m_reader;
        Buffer m_delta;
        Buffer m_content;
        std::vector<EntryIndex> m_inner;
        NodePool<State> m_nodes;
        TaskStack<Task> m_tasks;
        std::uint64_t m_objects = 0;
        std::uint64_t m_bytes = 0;
    };

    // The first of a batch of roots that nobody else has. The claim counts as pending work until the batch is done.
    std::size_t claim_roots(std::size_t batch)
    {
        if (m_next_root.load() >= m_roots.size()) {
            return m_roots.size();
        }
        m_pending.fetch_add(1);
        const auto begin = m_next_root.fetch_add(batch);
        if (begin >= m_roots.size()) {
            m_pending.fetch_sub(1);
        }
        return begin;
    }

    const ObjectTable& m_table;
    const WalkPlan& m_plan;
    std::vector<EntryIndex> m_roots;
    std::vector<std::unique_ptr<Worker>> m_workers;
    std::atomic<std::size_t> m_next_root{0};
    std::atomic<std::uint64_t> m_pending{0};  // tasks on stacks or in work, and claimed batches
    std::atomic<bool> m_abandoned{false};
    std::atomic<std::uint64_t> m_live{0};
    std::atomic<std::uint64_t> m_rebuilt{0};
    std::atomic<std::uint64_t> m_dropped{0};
};

}  // namespace r8scan::git
