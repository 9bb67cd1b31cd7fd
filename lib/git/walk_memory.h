// What the delta walk keeps in memory: bases that deltas still wait for, and the tasks of those deltas.
#pragma once

#include "git/buffer.h"
#include "git/object_table.h"

#include <atomic>
#include <deque>
#include <mutex>
#include <new>
#include <optional>

namespace r8scan::git {

/// A base in memory, shared by the tasks of its children. State is what the visitor knows of it.
template <typename State>
struct BaseNode {
    Buffer buffer;
    Bytes content;
    State state{};
    ObjectType type = ObjectType::unknown;
    std::atomic<std::uint32_t> users{0};
};

/// Makes nodes, counts the bytes of those in use, and keeps a few that nobody uses any more, with their memory, for the
/// next ones. One for each thread; a node may be released by another thread than the one that made it.
template <typename State>
class NodePool {
public:
    using Node = BaseNode<State>;

    explicit NodePool(std::atomic<std::uint64_t>& live_bytes) : m_live(live_bytes) { m_spare.reserve(spare_nodes); }

    std::unique_ptr<Node> make()
    {
        if (m_spare.empty()) {
            return std::make_unique<Node>();
        }
        auto node = std::move(m_spare.back());
        m_spare.pop_back();
        return node;
    }

    /// From now on the node belongs to its users, each of whom will release() it once.
    Node* share(std::unique_ptr<Node> node, std::uint32_t users)
    {
        node->users.store(users, std::memory_order_relaxed);
        m_live.fetch_add(node->buffer.capacity(), std::memory_order_relaxed);
        return node.release();
    }

    /// Asks for no memory, and so never fails; the same for recycle().
    void release(Node* node)
    {
        if (node->users.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            m_live.fetch_sub(node->buffer.capacity(), std::memory_order_relaxed);
            recycle(std::unique_ptr<Node>(node));
        }
    }

    void recycle(std::unique_ptr<Node> node)
    {
        constexpr std::size_t spare_bytes = 256U << 10U;
        if (m_spare.size() < spare_nodes) {
            node->buffer.trim(spare_bytes);
            node->state = State{};
            m_spare.push_back(std::move(node));
        }
    }

private:
    static constexpr std::size_t spare_nodes = 64;
    std::atomic<std::uint64_t>& m_live;
    std::vector<std::unique_ptr<Node>> m_spare;
};

/// A delta with children that waits for its turn.
template <typename State>
struct DeltaTask {
    EntryIndex entry = no_entry;
    std::uint32_t depth = 0;           // deltas between it and the whole object
    BaseNode<State>* base = nullptr;   // one use of it; null where it was dropped
    EntryIndex base_entry = no_entry;
};

/// The tasks of one thread: its own end is a stack, others take from the far end, where the heaviest are.
template <typename Task>
class TaskStack {
public:
    /// False where there is no memory for it.
    [[nodiscard]] bool push(const Task& task)
    {
        const std::lock_guard lock(m_mutex);
        try {
            m_tasks.push_back(task);
        } catch (const std::bad_alloc&) {
            return false;
        }
        return true;
    }
    std::optional<Task> pop_newest() { return pop([](auto& tasks) { return tasks.end() - 1; }); }
    std::optional<Task> pop_oldest() { return pop([](auto& tasks) { return tasks.begin(); }); }

private:
    template <typename Choose>
    std::optional<Task> pop(Choose&& choose)
    {
        const std::lock_guard lock(m_mutex);
        if (m_tasks.empty()) {
            return std::nullopt;
        }
        const auto at = choose(m_tasks);
        const auto task = *at;
        m_tasks.erase(at);  // at either end of a deque: constant
        return task;
    }

    std::mutex m_mutex;
    std::deque<Task> m_tasks;
};

}  // namespace r8scan::git
