#include "action/verify_queue.h"

#include "util/escape.h"
#include "util/star_tokens.h"

#include <algorithm>
#include <system_error>

namespace r8scan::action {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr unsigned failures_before_giving_up = 5;

/// Messages of verifiers are shown and reported.
std::string safe(std::string_view message, const Secret& token)
{
    return star_tokens(star_out(message, token.reveal()));
}

Verdict unknown(std::string message)
{
    Verdict verdict;
    verdict.status = Status::unknown;
    verdict.message = std::move(message);
    return verdict;
}

bool decides(const Verdict& verdict)
{
    return verdict.status == Status::active || verdict.status == Status::inactive;
}

}  // namespace

VerifyQueue::VerifyQueue(std::vector<Callback*> verifiers, VerifyOptions options)
    : m_verifiers(std::move(verifiers)), m_options(options)
{
}

VerifyQueue::~VerifyQueue()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
        m_waiting.clear();
    }
    m_work.notify_all();
    for (std::thread& thread : m_threads) {
        thread.join();
    }
}

void VerifyQueue::offer(Event event)
{
    const std::lock_guard lock(m_mutex);
    if (m_waiting.size() < m_options.most_waiting && !m_known.contains(event.token_sha256)) {
        add_locked(std::move(event));
    }
}

bool VerifyQueue::wants(const std::string& token_sha256)
{
    const std::lock_guard lock(m_mutex);
    return m_waiting.size() < m_options.most_waiting && !m_known.contains(token_sha256);
}

void VerifyQueue::add_locked(Event event)
{
    auto question = std::make_shared<Question>();
    question->event = std::move(event);
    m_waiting.push_back(question);
    try {
        m_known.insert_or_assign(question->event.token_sha256, question);
        start_thread_locked();
    } catch (...) {
        // A question that nobody would answer must not be known.
        m_known.erase(question->event.token_sha256);
        m_waiting.pop_back();
        throw;
    }
    m_work.notify_one();
}

void VerifyQueue::start_thread_locked()
{
    if (m_idle >= m_waiting.size() || m_threads.size() >= m_options.threads) {
        return;
    }
    try {
        m_threads.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
        if (m_threads.empty()) {
            throw;  // else those that there are do the work
        }
    }
}

std::vector<Verdict> VerifyQueue::answers(const std::vector<Event>& events)
{
    std::vector<std::shared_ptr<Question>> questions;
    questions.reserve(events.size());
    std::unique_lock lock(m_mutex);
    for (const Event& event : events) {
        if (!m_known.contains(event.token_sha256)) {
            add_locked(event);
        }
        questions.push_back(m_known.at(event.token_sha256));
    }
    std::vector<Verdict> verdicts;
    verdicts.reserve(events.size());
    for (const auto& question : questions) {
        m_done.wait(lock, [&] { return question->answer.has_value(); });
        verdicts.push_back(*question->answer);
    }
    return verdicts;
}

void VerifyQueue::forget(const std::string& token_sha256)
{
    const std::lock_guard lock(m_mutex);
    m_known.erase(token_sha256);
}

void VerifyQueue::work()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        ++m_idle;
        m_work.wait(lock, [this] { return m_closing || !m_waiting.empty(); });
        --m_idle;
        if (m_closing) {
            return;
        }
        const std::shared_ptr<Question> question = std::move(m_waiting.front());
        m_waiting.pop_front();
        lock.unlock();
        Verdict verdict;
        try {
            verdict = ask(question->event);
        } catch (const std::exception& error) {
            verdict = unknown(error.what());  // a thread of ours must not end the process
        }
        verdict.message = safe(verdict.message, question->event.token);
        verdict.at = rfc3339_now();
        lock.lock();
        question->answer = std::move(verdict);
        question->event.token = Secret();
        m_done.notify_all();
    }
}

Verdict VerifyQueue::ask(const Event& event)
{
    Verdict last;
    for (Callback* const verifier : m_verifiers) {
        last = ask_one(*verifier, event);
        if (decides(last)) {
            break;
        }
    }
    return last;
}

Verdict VerifyQueue::ask_one(Callback& verifier, const Event& asked)
{
    Event event = asked;
    event.stage = Stage::verify;
    event.event_id = event_id(event.token_sha256, verifier.name(), Stage::verify);
    constexpr milliseconds first_wait(500);
    const auto deadline = SteadyClock::now() + m_options.patience;
    milliseconds wait = first_wait;
    for (;;) {
        {
            const std::lock_guard lock(m_mutex);
            if (const auto given_up = m_given_up.find(&verifier); given_up != m_given_up.end()) {
                return unknown(given_up->second);
            }
        }
        if (stopped()) {
            return unknown("interrupted");
        }
        const Attempt attempt = verifier.deliver(event, deadline);
        if (attempt.outcome == Attempt::Outcome::delivered) {
            const std::lock_guard lock(m_mutex);
            m_failures[&verifier] = 0;
            return decides(attempt.verdict) ? attempt.verdict : unknown(attempt.verdict.message);
        }
        const bool for_good = attempt.outcome != Attempt::Outcome::failed;
        const milliseconds pause = attempt.retry_after ? milliseconds(*attempt.retry_after) : wait;
        wait *= 2;
        if (!for_good && SteadyClock::now() + pause < deadline) {
            if (sleep(pause)) {
                continue;
            }
            return unknown("interrupted");
        }
        const std::lock_guard lock(m_mutex);
        if (for_good || ++m_failures[&verifier] >= failures_before_giving_up) {
            m_given_up.try_emplace(&verifier,
                                   for_good ? attempt.message : "not asked after several failures: " + attempt.message);
        }
        return unknown(attempt.message);
    }
}

bool VerifyQueue::sleep(milliseconds time)
{
    constexpr milliseconds look(100);  // how soon a stop is seen
    std::unique_lock lock(m_mutex);
    for (const auto end = SteadyClock::now() + time; SteadyClock::now() < end && !m_closing && !stopped();) {
        lock.unlock();
        std::this_thread::sleep_for(std::min<SteadyClock::duration>(look, end - SteadyClock::now()));
        lock.lock();
    }
    return !m_closing && !stopped();
}

}  // namespace r8scan::action
