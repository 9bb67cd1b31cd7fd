#include "action/rate_limiter.h"

#include <algorithm>

namespace r8scan::action {

RateLimiter::Clock::time_point RateLimiter::next_locked() const
{
    return m_starts.size() < m_most ? m_not_before : std::max(m_not_before, m_starts.front() + m_window);
}

RateLimiter::Clock::time_point RateLimiter::next() const
{
    const std::lock_guard lock(m_mutex);
    return next_locked();
}

bool RateLimiter::wait(Clock::time_point deadline, const std::atomic<bool>* stop)
{
    constexpr Clock::duration look = std::chrono::milliseconds(100);  // how soon a stop is seen
    std::unique_lock lock(m_mutex);
    for (;;) {
        if (stop != nullptr && *stop) {
            return false;
        }
        const Clock::time_point now = Clock::now();
        const Clock::time_point free = next_locked();
        if (free <= now) {
            if (m_starts.size() == m_most) {
                m_starts.pop_front();
            }
            m_starts.push_back(now);
            return true;
        }
        if (m_not_before > deadline) {
            return false;
        }
        m_changed.wait_until(lock, std::min(free, now + look));
    }
}

void RateLimiter::pause(Clock::duration time)
{
    const std::lock_guard lock(m_mutex);
    m_not_before = std::max(m_not_before, Clock::now() + time);
    m_changed.notify_all();
}

}  // namespace r8scan::action
