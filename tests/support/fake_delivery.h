// What tests of deliveries stand on: a clock that jumps, a callback that answers as it is told, events.
#pragma once

#include "action/callback.h"
#include "action/clock.h"
#include "action/outbox.h"

#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace r8scan::test {

/// Time stands still but for whoever waits: that takes no time at all. For rounds with one thread.
class JumpingClock : public action::Clock {
public:
    [[nodiscard]] std::chrono::system_clock::time_point now() const override;
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override;
    void wait(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
              std::chrono::steady_clock::time_point until) override;
    void pass(std::chrono::milliseconds time) { m_passed += time; }
    /// Since it was made.
    [[nodiscard]] std::chrono::milliseconds passed() const { return m_passed; }

private:
    std::chrono::milliseconds m_passed{0};
};

/// One delivery as the callback saw it.
struct Seen {
    std::string event_id;
    std::string token;
    std::string run_id;
};

class FakeCallback : public action::Callback {
public:
    using Answer = std::function<action::Attempt(const action::Event&, std::chrono::steady_clock::time_point)>;

    FakeCallback(std::string name, action::Stage stage, bool needs_secret, Answer answer);
    [[nodiscard]] const std::string& name() const override { return m_name; }
    [[nodiscard]] action::Stage stage() const override { return m_stage; }
    [[nodiscard]] bool needs_secret() const override { return m_needs_secret; }
    action::Attempt deliver(const action::Event& event, std::chrono::steady_clock::time_point deadline) override;

    [[nodiscard]] std::vector<Seen> seen() const;

private:
    std::string m_name;
    action::Stage m_stage;
    bool m_needs_secret;
    Answer m_answer;
    mutable std::mutex m_mutex;
    std::vector<Seen> m_seen;
};

action::Attempt delivered(action::Status status = action::Status::ok);
action::Attempt failed(std::string message, std::optional<std::chrono::seconds> retry_after = std::nullopt);

/// An event about token(seed), found in a repository.
action::NewEvent new_event(std::uint64_t seed, const std::string& callback, action::Stage stage = action::Stage::revoke,
                           bool needs_secret = true, const std::string& repository = "https://example.com/r");

}  // namespace r8scan::test
