// Clock: time as deliveries see it, so that a test can let days pass at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace r8scan::action {

class Clock {
public:
    virtual ~Clock() = default;
    /// For what is written down.
    [[nodiscard]] virtual std::chrono::system_clock::time_point now() const { return std::chrono::system_clock::now(); }
    /// For deadlines.
    [[nodiscard]] virtual std::chrono::steady_clock::time_point steady() const
    {
        return std::chrono::steady_clock::now();
    }
    /// Waits until then, or until it is notified, or less.
    virtual void wait(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                      std::chrono::steady_clock::time_point until)
    {
        changed.wait_until(lock, until);
    }
};

}  // namespace r8scan::action
