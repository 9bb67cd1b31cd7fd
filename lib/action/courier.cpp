#include "action/courier.h"

#include "action/event_sender.h"
#include "util/threads.h"

#include <algorithm>

namespace r8scan::action {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr SteadyTime never = SteadyTime::max();
constexpr std::chrono::milliseconds look_again{200};  // at an event that another process has, and at the stop flag

// One round: the queue, and the threads that empty it.
class Delivering {
public:
    Delivering(Outbox& outbox, const std::map<std::string, std::shared_ptr<Callback>>& callbacks,
               const std::map<std::string, Secret>& known, const CourierOptions& options, Clock& clock,
               const Round& round)
        : m_outbox(outbox),
          m_callbacks(callbacks),
          m_options(options),
          m_clock(clock),
          m_round(round),
          m_sender(outbox, known, options, clock)
    {
        m_deadline = round.timeout ? clock.steady() + *round.timeout : never;
    }

    Result<std::vector<Entry>> run()
    {
        if (auto queued = queue_up(); !queued) {
            return queued.error();
        }
        std::size_t waiting = 0;
        std::size_t busy_posts = 0;
        for (const auto& [name, post] : m_posts) {
            waiting += post.waiting.size();
            busy_posts += post.waiting.empty() ? 0U : 1U;
        }
        const auto threads = static_cast<unsigned>(std::min<std::size_t>(std::max(m_options.threads, 1U), waiting));
        if (threads > 0) {
            // Each endpoint has its share of the threads, so that one that hangs leaves the others theirs.
            m_share = std::max(1U, threads / static_cast<unsigned>(std::max<std::size_t>(busy_posts, 1)));
            run_on_threads(threads, [this](unsigned) { work(); });
        }
        if (m_failure) {
            return *m_failure;
        }
        return std::move(m_entries);
    }

private:
    /// An endpoint, and the entries that wait for it by when they are due.
    struct Post {
        Callback* callback = nullptr;  // null: not configured
        std::multimap<SteadyTime, std::size_t> waiting;
        unsigned sending = 0;
        unsigned at_once = 1;
        unsigned failures = 0;
        SteadyTime not_before{};
        bool stopped = false;
    };

    Result<void> queue_up()
    {
        auto entries = entries_of_round();
        if (!entries) {
            return entries.error();
        }
        m_entries = std::move(*entries);
        for (const Entry& entry : m_entries) {
            if (auto known = open_post(entry.callback); !known) {
                return known;
            }
        }
        const WallTime now = m_clock.now();
        for (std::size_t number = 0; number < m_entries.size(); ++number) {
            const Entry& entry = m_entries[number];
            const bool ever_due = m_round.at_once || entry.next_at;
            if (entry.state == EntryState::pending && ever_due && m_posts.at(entry.callback).callback != nullptr) {
                const auto wait = m_round.at_once ? WallTime::duration::zero() : *entry.next_at - now;
                wait_for(number, std::chrono::ceil<std::chrono::milliseconds>(wait));
            }
        }
        return {};
    }

    Result<std::vector<Entry>> entries_of_round()
    {
        if (!m_round.ids) {
            return m_outbox.list(EntryState::pending);
        }
        std::vector<Entry> entries;
        for (const std::string& id : *m_round.ids) {
            auto entry = m_outbox.find(id);
            if (!entry) {
                return entry.error();
            }
            entries.push_back(std::move(*entry));
        }
        return entries;
    }

    Result<void> open_post(const std::string& name)
    {
        const auto [at, is_new] = m_posts.try_emplace(name);
        const auto callback = m_callbacks.find(name);
        if (!is_new || callback == m_callbacks.end()) {
            return {};
        }
        at->second.callback = callback->second.get();
        at->second.at_once = std::max(1U, callback->second->at_once());
        if (m_round.at_once) {
            if (auto reopened = m_outbox.reopen(name, false); !reopened) {
                return reopened;
            }
        }
        return look_at_endpoint(name, at->second);
    }

    Result<void> look_at_endpoint(const std::string& name, Post& post)
    {
        const auto endpoint = m_outbox.endpoint(name);
        if (!endpoint) {
            return endpoint.error();
        }
        post.failures = endpoint->failures;
        post.stopped = !endpoint->stopped.empty();
        post.not_before = SteadyTime{};
        if (endpoint->not_before && *endpoint->not_before > m_clock.now()) {
            post.not_before =
                later(std::chrono::ceil<std::chrono::milliseconds>(*endpoint->not_before - m_clock.now()));
        }
        return {};
    }

    void wait_for(std::size_t number, std::chrono::milliseconds wait)
    {
        const SteadyTime due = later(std::max(wait, std::chrono::milliseconds::zero()));
        m_posts.at(m_entries[number].callback).waiting.emplace(due, number);
    }

    [[nodiscard]] SteadyTime later(std::chrono::milliseconds wait) const { return m_clock.steady() + wait; }

    [[nodiscard]] bool told_to_stop() const { return m_options.stop != nullptr && *m_options.stop; }

    void work()
    {
        std::unique_lock lock(m_mutex);
        while (!m_failure && !told_to_stop() && m_clock.steady() < m_deadline) {
            SteadyTime next = never;
            if (const auto number = take(next)) {
                attempt(*number, lock);
                m_changed.notify_all();
                continue;
            }
            // Nothing can start now. What is being sent may come back; what is due later may come in time.
            if (m_sending == 0 && (next == never || next >= m_deadline)) {
                return;
            }
            const SteadyTime look = m_options.stop == nullptr ? never : m_clock.steady() + look_again;
            m_clock.wait(m_changed, lock, std::min({next, m_deadline, look}));
        }
    }

    /// An entry that may be sent now; else in `next` when one may, as far as that is known.
    std::optional<std::size_t> take(SteadyTime& next)
    {
        const SteadyTime now = m_clock.steady();
        for (auto& [name, post] : m_posts) {
            // After a failure one at a time, until it is known whether the endpoint works.
            const unsigned limit = post.failures > 0 ? 1 : std::min(post.at_once, m_share);
            if (post.stopped || post.sending >= limit || post.waiting.empty()) {
                continue;
            }
            const auto first = post.waiting.begin();
            const SteadyTime may_start = std::max(first->first, post.not_before);
            if (may_start <= now) {
                const std::size_t number = first->second;
                post.waiting.erase(first);
                ++post.sending;
                ++m_sending;
                return number;
            }
            // Who asked for everything at once does not mean to wait for an open circuit.
            if (!m_round.at_once || may_start - now <= m_options.attempt_timeout) {
                next = std::min(next, may_start);
            }
        }
        return std::nullopt;
    }

    // Called under the lock, which is not held while something is sent.
    void attempt(std::size_t number, std::unique_lock<std::mutex>& lock)
    {
        const std::string name = m_entries[number].callback;
        const std::string id = m_entries[number].event.event_id;
        Post& post = m_posts.at(name);
        lock.unlock();
        Result<SentEvent> sent = m_sender.send(id, *post.callback, m_deadline);
        lock.lock();
        --post.sending;
        --m_sending;
        Result<void> looked = sent ? look_at_endpoint(name, post) : Result<void>(sent.error());
        if (!looked) {
            if (!m_failure) {
                m_failure = looked.error();
            }
            return;
        }
        m_entries[number] = std::move(sent->entry);
        const Entry& entry = m_entries[number];
        if (sent->how == SentEvent::How::elsewhere && !m_round.at_once) {
            wait_for(number, look_again);
        }
        if (sent->how != SentEvent::How::settled) {
            return;
        }
        if (m_options.settled) {
            m_options.settled(entry);
        }
        if (entry.state == EntryState::pending && !m_round.at_once && entry.next_at) {
            wait_for(number, std::chrono::ceil<std::chrono::milliseconds>(*entry.next_at - m_clock.now()));
        }
    }

    Outbox& m_outbox;
    const std::map<std::string, std::shared_ptr<Callback>>& m_callbacks;
    const CourierOptions& m_options;
    Clock& m_clock;
    const Round& m_round;
    EventSender m_sender;
    SteadyTime m_deadline;

    std::mutex m_mutex;  // guards what follows
    std::condition_variable m_changed;
    std::vector<Entry> m_entries;
    std::map<std::string, Post> m_posts;
    unsigned m_sending = 0;
    unsigned m_share = 1;
    std::optional<Error> m_failure;
};

}  // namespace

Courier::Courier(Outbox& outbox, const std::vector<std::shared_ptr<Callback>>& callbacks, CourierOptions options)
    : m_outbox(outbox), m_options(std::move(options))
{
    for (const auto& callback : callbacks) {
        m_callbacks.emplace(callback->name(), callback);
    }
}

void Courier::know(const std::string& token_sha256, const Secret& token)
{
    m_known.insert_or_assign(token_sha256, token);
}

Result<std::vector<Entry>> Courier::deliver(const Round& round)
{
    Clock system;
    Clock& clock = m_options.clock != nullptr ? *m_options.clock : system;
    return Delivering(m_outbox, m_callbacks, m_known, m_options, clock, round).run();
}

}  // namespace r8scan::action
