// VerifyQueue: asks verifiers about tokens while a scan still runs, each token once however often it was found.
//
// Threads start with the first question, so a scan that finds nothing sends nothing and costs nothing. What is offered
// early and does not fit is asked for at the end, when the answers are wanted; so a scan never waits for the network.
// All members may be called from several threads.
#pragma once

#include "action/callback.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace r8scan::action {

struct VerifyOptions {
    unsigned threads = 16;                       // questions under way at once
    std::size_t most_waiting = 10'000;           // of those offered early
    std::chrono::milliseconds patience{30'000};  // with one token, retries and pauses among it
    const std::atomic<bool>* stop = nullptr;     // set: what is not known yet stays unknown
};

class VerifyQueue {
public:
    /// The verifiers must outlive it; they are asked in order until one knows. At least one.
    VerifyQueue(std::vector<Callback*> verifiers, VerifyOptions options);
    ~VerifyQueue();
    VerifyQueue(const VerifyQueue&) = delete;
    VerifyQueue& operator=(const VerifyQueue&) = delete;

    /// Asks when there is time; returns at once. The event needs token, hash, rule and confidence.
    void offer(Event event);

    /// Whether an offer of this token would be taken: it was not asked for, and there is room.
    [[nodiscard]] bool wants(const std::string& token_sha256);

    /// The answers, in the order of the questions; waits for them. What was asked before is not asked again.
    std::vector<Verdict> answers(const std::vector<Event>& events);

    /// Makes the next question about this token a new one.
    void forget(const std::string& token_sha256);

private:
    struct Question {
        Event event;
        std::optional<Verdict> answer;
    };
    void add_locked(Event event);
    void start_thread_locked();
    void work();
    Verdict ask(const Event& event);
    Verdict ask_one(Callback& verifier, const Event& asked);
    bool sleep(std::chrono::milliseconds time);
    [[nodiscard]] bool stopped() const { return m_options.stop != nullptr && *m_options.stop; }

    std::vector<Callback*> m_verifiers;
    VerifyOptions m_options;
    std::mutex m_mutex;
    std::condition_variable m_work;
    std::condition_variable m_done;
    std::map<std::string, std::shared_ptr<Question>, std::less<>> m_known;  // by hash
    std::deque<std::shared_ptr<Question>> m_waiting;
    std::vector<std::thread> m_threads;
    unsigned m_idle = 0;
    bool m_closing = false;
    std::map<const Callback*, unsigned> m_failures;     // tokens in a row without an answer
    std::map<const Callback*, std::string> m_given_up;  // why it is not asked any more
};

}  // namespace r8scan::action
