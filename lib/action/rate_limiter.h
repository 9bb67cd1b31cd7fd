// RateLimiter: at most so many starts in any window of time, for all threads together, and a pause for all of them when
// a server asks for one.
//
// The first starts of a window are free, so a few hundred tokens wait for nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace r8scan::action {

class RateLimiter {
public:
    using Clock = std::chrono::steady_clock;

    RateLimiter(std::size_t most, Clock::duration window) : m_most(most), m_window(window) {}

    /// Waits for a start, for as long as the window makes it wait; false where a pause ends after the deadline only, or
    /// `stop` is set.
    bool wait(Clock::time_point deadline, const std::atomic<bool>* stop = nullptr);

    /// Nobody starts for that long.
    void pause(Clock::duration time);

    /// When the next start may be.
    [[nodiscard]] Clock::time_point next() const;

private:
    [[nodiscard]] Clock::time_point next_locked() const;

    const std::size_t m_most;
    const Clock::duration m_window;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Clock::time_point> m_starts;  // the last `m_most`
    Clock::time_point m_not_before{};
};

}  // namespace r8scan::action
