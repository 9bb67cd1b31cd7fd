// Many tokens, one question each, however the API behaves.
#include "action/verify_queue.h"
#include "action/replicate_verifier.h"

#include "tests/support/http_server.h"
#include "tests/support/tokens.h"
#include "util/bytes.h"
#include "util/hash.h"

#include <doctest/doctest.h>

#include <set>

using namespace r8scan;
using namespace r8scan::action;
using namespace r8scan::test;
using namespace std::chrono_literals;

namespace {

Event event_for(const std::string& token)
{
    Event event;
    event.token = Secret(token);
    event.token_sha256 = sha256_hex(as_bytes(token));
    event.rule = "replicate-api-token";
    return event;
}

std::vector<Event> events_for(std::size_t count)
{
    std::vector<Event> events;
    for (std::size_t seed = 1; seed <= count; ++seed) {
        events.push_back(event_for(token(seed)));
    }
    return events;
}

Answer active()
{
    return {200, R"({"type":"user","username":"me"})", "application/json", {}, 0ms};
}

Answer inactive()
{
    return {401, R"({"title":"Unauthenticated"})", "application/problem+json", {}, 0ms};
}

std::unique_ptr<ReplicateVerifier> verifier_for(const std::string& base, const NetworkOptions& options = {})
{
    auto verifier = ReplicateVerifier::make(base, options);
    REQUIRE(verifier);
    return std::move(*verifier);
}

/// Fails a number of times with an outcome, then knows.
class Moody : public Callback {
public:
    explicit Moody(int failures, Attempt::Outcome how = Attempt::Outcome::failed) : m_failures(failures), m_how(how) {}
    [[nodiscard]] const std::string& name() const override { return m_name; }
    [[nodiscard]] Stage stage() const override { return Stage::verify; }
    [[nodiscard]] bool needs_secret() const override { return true; }
    Attempt deliver(const Event& event, Deadline) override
    {
        Attempt attempt;
        if (asked++ < m_failures) {
            attempt.outcome = m_how;
            attempt.message = "out of order, said to " + std::string(event.token.reveal());
            return attempt;
        }
        attempt.outcome = Attempt::Outcome::delivered;
        attempt.verdict.status = status;
        return attempt;
    }
    std::atomic<int> asked{0};
    Status status = Status::active;

private:
    std::string m_name = "moody";
    int m_failures;
    Attempt::Outcome m_how;
};

}  // namespace

TEST_CASE("verify queue: a thousand tokens at 20 ms each are verified side by side, each asked for once")
{
    HttpServer server([](const SeenRequest& seen) {
        Answer answer = seen.header("authorization").back() < 'V' ? active() : inactive();
        answer.delay = 20ms;
        return answer;
    });
    const auto verifier = verifier_for(server.url());
    VerifyQueue queue({verifier.get()}, {});
    const auto events = events_for(1000);
    const auto start = std::chrono::steady_clock::now();
    for (int again = 0; again < 3; ++again) {
        for (const Event& event : events) {
            queue.offer(event);
        }
    }
    const auto verdicts = queue.answers(events);
    const auto taken = std::chrono::steady_clock::now() - start;
    CHECK(taken < 20s);  // one after the other it would take at least as long, on any machine
    for (std::size_t i = 0; i < events.size(); ++i) {
        CHECK(verdicts[i].status == (events[i].token.reveal().back() < 'V' ? Status::active : Status::inactive));
    }
    std::set<std::string> asked;
    for (const SeenRequest& seen : server.requests()) {
        asked.insert(seen.header("authorization"));
    }
    CHECK(asked.size() == 1000);
    CHECK(server.requests().size() == 1000);
    MESSAGE("1,000 tokens: ", std::chrono::duration_cast<std::chrono::milliseconds>(taken).count(), " ms");
}

TEST_CASE("verify queue: a limit of the server is kept, and every token is known in the end")
{
    std::mutex mutex;
    int in_window = 0;
    int refused = 0;
    auto window = std::chrono::steady_clock::now();
    HttpServer server([&](const SeenRequest&) {
        const std::lock_guard lock(mutex);
        const auto now = std::chrono::steady_clock::now();
        if (now - window > 1s) {
            window = now;
            in_window = 0;
        }
        if (++in_window > 40) {
            ++refused;
            return Answer{429, "{}", "application/json", {{"Retry-After", "1"}}, 0ms};
        }
        return active();
    });
    const auto verifier = verifier_for(server.url());
    VerifyQueue queue({verifier.get()}, {});
    for (const Verdict& verdict : queue.answers(events_for(100))) {
        CHECK(verdict.status == Status::active);
    }
    CHECK(refused <= 3 * 16);  // no more than what was under way when a window closed
}

TEST_CASE("verify queue: a token that could not be asked for is unknown and says why, without the token")
{
    Moody moody(1'000'000);
    VerifyOptions options;
    options.patience = 50ms;
    VerifyQueue queue({&moody}, options);
    const auto verdicts = queue.answers(events_for(40));
    for (const Verdict& verdict : verdicts) {
        CHECK(verdict.status == Status::unknown);
        CHECK(verdict.message.find("out of order") != std::string::npos);
        CHECK(verdict.message.find("r8_") != std::string::npos);
        CHECK(verdict.message.find("*****") != std::string::npos);
        CHECK_FALSE(verdict.at.empty());
    }
    CHECK(moody.asked <= 5 + 16);  // it was given up
}

TEST_CASE("verify queue: a failure is tried again, a refusal is not, and the next verifier is asked")
{
    Moody twice(2);
    VerifyQueue patient({&twice}, {});
    CHECK(patient.answers({event_for(token(1))}).front().status == Status::active);
    CHECK(twice.asked == 3);

    Moody never(1'000'000, Attempt::Outcome::refused);
    Moody other(0);
    VerifyQueue queue({&never, &other}, {});
    CHECK(queue.answers({event_for(token(1))}).front().status == Status::active);
    CHECK(queue.answers({event_for(token(2))}).front().status == Status::active);
    CHECK(never.asked == 1);
    CHECK(other.asked == 2);
}

TEST_CASE("verify queue: an answer that is none of active and inactive means unknown")
{
    Moody odd(0);
    odd.status = Status::revoked;
    VerifyQueue queue({&odd}, {});
    CHECK(queue.answers({event_for(token(1))}).front().status == Status::unknown);
}

TEST_CASE("verify queue: a token that was forgotten is asked for anew")
{
    Moody moody(0);
    VerifyQueue queue({&moody}, {});
    const Event event = event_for(token(1));
    CHECK(queue.answers({event, event}).size() == 2);
    CHECK(moody.asked == 1);
    moody.status = Status::inactive;
    CHECK(queue.answers({event}).front().status == Status::active);
    queue.forget(event.token_sha256);
    CHECK(queue.answers({event}).front().status == Status::inactive);
    CHECK(moody.asked == 2);
}

TEST_CASE("verify queue: who stops gets his answers at once, all of them")
{
    std::atomic<bool> stop{false};
    HttpServer server([](const SeenRequest&) {
        Answer answer = active();
        answer.delay = 300ms;
        return answer;
    });
    NetworkOptions network;
    network.stop = &stop;
    const auto verifier = verifier_for(server.url(), network);
    VerifyOptions options;
    options.stop = &stop;
    VerifyQueue queue({verifier.get()}, options);
    for (const Event& event : events_for(2000)) {
        queue.offer(event);
    }
    stop = true;
    const auto start = std::chrono::steady_clock::now();
    CHECK(queue.answers(events_for(2000)).size() == 2000);
    CHECK(std::chrono::steady_clock::now() - start < 10s);
    CHECK(server.requests().size() <= 16);
}
