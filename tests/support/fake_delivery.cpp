#include "tests/support/fake_delivery.h"

#include "tests/support/tokens.h"
#include "util/bytes.h"
#include "util/hash.h"

namespace r8scan::test {

using namespace action;

namespace {

constexpr std::chrono::seconds start{1'700'000'000};

}  // namespace

std::chrono::system_clock::time_point JumpingClock::now() const
{
    return std::chrono::system_clock::time_point(start) + m_passed;
}

std::chrono::steady_clock::time_point JumpingClock::steady() const
{
    return std::chrono::steady_clock::time_point(start) + m_passed;
}

void JumpingClock::wait(std::condition_variable&, std::unique_lock<std::mutex>&,
                        std::chrono::steady_clock::time_point until)
{
    if (until > steady()) {
        m_passed += std::chrono::ceil<std::chrono::milliseconds>(until - steady());
    }
}

FakeCallback::FakeCallback(std::string name, Stage stage, bool needs_secret, Answer answer)
    : m_name(std::move(name)), m_stage(stage), m_needs_secret(needs_secret), m_answer(std::move(answer))
{
}

Attempt FakeCallback::deliver(const Event& event, std::chrono::steady_clock::time_point deadline)
{
    {
        const std::lock_guard lock(m_mutex);
        m_seen.push_back({event.event_id, std::string(event.token.reveal()), event.run_id});
    }
    return m_answer(event, deadline);
}

std::vector<Seen> FakeCallback::seen() const
{
    const std::lock_guard lock(m_mutex);
    return m_seen;
}

Attempt delivered(Status status)
{
    Attempt attempt;
    attempt.outcome = Attempt::Outcome::delivered;
    attempt.verdict.status = status;
    return attempt;
}

Attempt failed(std::string message, std::optional<std::chrono::seconds> retry_after)
{
    Attempt attempt;
    attempt.message = std::move(message);
    attempt.retry_after = retry_after;
    return attempt;
}

NewEvent new_event(std::uint64_t seed, const std::string& callback, Stage stage, bool needs_secret,
                   const std::string& repository)
{
    NewEvent made;
    made.event.stage = stage;
    made.event.rule = "replicate-api-token";
    made.event.token = Secret(token(seed));
    made.event.token_sha256 = sha256_hex(as_bytes(token(seed)));
    made.event.redacted = redacted(token(seed));
    made.event.run_id = "run";
    made.event.exposure.repository = repository;
    made.event.exposure.places.resize(1);
    made.event.exposure.places.front().kind = "blob";
    made.event.exposure.places.front().path = "conf/\xff.env";
    made.event.exposure.places.front().line = 3;
    made.callback = callback;
    made.needs_secret = needs_secret;
    made.api_base = "https://api.replicate.com";
    return made;
}

}  // namespace r8scan::test
