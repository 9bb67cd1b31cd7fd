#include "action/courier.h"

#include "tests/support/fake_delivery.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <stdexcept>
#include <thread>

using namespace r8scan;
using namespace r8scan::action;
using namespace std::chrono_literals;
using test::FakeCallback;
using test::new_event;
using test::TempDir;

namespace {

/// An outbox in a folder, on a clock that jumps.
struct Post {
    Post() { open(); }

    void open()
    {
        outbox.reset();
        OutboxOptions options;
        options.file = dir / "state/outbox.db";
        options.key_file = dir / "data/outbox.key";
        options.now = [this] { return clock.now(); };
        options.random = [] { return 0.5; };
        auto opened = Outbox::open(options);
        REQUIRE_MESSAGE(opened.ok(), opened.error().message());
        outbox = std::move(*opened);
    }

    std::vector<std::string> record(const std::vector<NewEvent>& events) const
    {
        std::vector<std::string> ids;
        const auto entries = outbox->record(events);
        REQUIRE_MESSAGE(entries.ok(), entries.error().message());
        for (const Entry& entry : *entries) {
            ids.push_back(entry.event.event_id);
        }
        return ids;
    }

    std::vector<Entry> deliver(const std::vector<std::shared_ptr<Callback>>& callbacks, const Round& round,
                               TokenSource* source = nullptr)
    {
        CourierOptions options;
        options.threads = 1;
        options.clock = &clock;
        options.source = source;
        options.settled = [this](const Entry& entry) { settled.push_back(entry.event.event_id); };
        Courier courier(*outbox, callbacks, options);
        auto entries = courier.deliver(round);
        REQUIRE_MESSAGE(entries.ok(), entries.error().message());
        return std::move(*entries);
    }

    TempDir dir;
    test::JumpingClock clock;
    std::unique_ptr<Outbox> outbox;
    std::vector<std::string> settled;
};

std::shared_ptr<FakeCallback> callback(const std::string& name, FakeCallback::Answer answer)
{
    return std::make_shared<FakeCallback>(name, Stage::revoke, true, std::move(answer));
}

class PlaceReader : public TokenSource {
public:
    Result<Secret> read(const TokenPlace& place, const std::string&) override
    {
        if (place.object != "aa") {
            return Error(ErrorCode::not_found, "no object " + place.object);
        }
        return Secret(test::token(place.offset));
    }
};

}  // namespace

TEST_CASE("courier: an event is delivered with its token, recorded, and never again")
{
    Post post;
    const auto target = callback("disable", [](const Event&, auto) { return test::delivered(Status::revoked); });
    const auto ids = post.record({new_event(1, "disable"), new_event(2, "disable")});
    const auto entries = post.deliver({target}, {ids, false, 30s});
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].event.event_id == ids[0]);
    CHECK(entries[0].state == EntryState::delivered);
    CHECK(entries[0].attempts == 1);
    REQUIRE(entries[0].verdict.has_value());
    CHECK(entries[0].verdict->status == Status::revoked);
    REQUIRE(target->seen().size() == 2);
    CHECK(target->seen()[0].token == test::token(1));
    CHECK(post.settled.size() == 2);

    post.open();
    post.record({new_event(1, "disable"), new_event(2, "disable")});
    CHECK(post.deliver({target}, {ids, false, 30s})[1].state == EntryState::delivered);
    CHECK(post.deliver({target}, {std::nullopt, true, {}}).empty());
    CHECK(target->seen().size() == 2);
}

TEST_CASE("courier: a failure is tried again after five seconds in the run, after that it stays pending")
{
    Post post;
    std::vector<std::chrono::milliseconds> times;
    const auto target = callback("disable", [&](const Event&, auto) {
        times.push_back(post.clock.passed());
        return test::failed("no connection");
    });
    const auto ids = post.record({new_event(1, "disable")});
    const auto entries = post.deliver({target}, {ids, false, 30s});
    CHECK(times == std::vector<std::chrono::milliseconds>{0s, 5s});
    CHECK(entries[0].state == EntryState::pending);
    CHECK(entries[0].attempts == 2);
    CHECK(entries[0].message == "no connection");
    CHECK(entries[0].next_at == post.clock.now() - (post.clock.passed() - 5s) + 5min);
    for (const test::Seen& seen : target->seen()) {
        CHECK(seen.event_id == ids[0]);
    }

    // A later run goes on where the schedule stands; who asks for everything at once gets it.
    post.deliver({target}, {ids, false, 30s});
    CHECK(times.size() == 2);
    post.deliver({target}, {std::nullopt, true, {}});
    CHECK(times.size() == 3);
    post.clock.pass(31min);
    post.deliver({target}, {ids, false, 30s});
    CHECK(times.size() == 4);
}

TEST_CASE("courier: an answer that says failed is a failure and its pause is kept")
{
    Post post;
    unsigned calls = 0;
    const auto target = callback("disable", [&](const Event&, auto) {
        auto attempt = test::delivered(++calls == 1 ? Status::failed : Status::ok);
        attempt.verdict.message = calls == 1 ? "database is down" : "";
        attempt.verdict.retry_after = calls == 1 ? std::optional(12s) : std::nullopt;
        return attempt;
    });
    const auto ids = post.record({new_event(1, "disable")});
    const auto entries = post.deliver({target}, {ids, false, 30s});
    CHECK(calls == 2);
    CHECK(entries[0].state == EntryState::delivered);
    CHECK(post.clock.passed() == 12s);
}

TEST_CASE("courier: five failures in a row spare an endpoint the rest, while another gets everything")
{
    Post post;
    const auto broken = callback("broken", [](const Event&, auto) { return test::failed("refused"); });
    const auto sound = callback("sound", [](const Event&, auto) { return test::delivered(); });
    std::vector<NewEvent> events;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        events.push_back(new_event(seed, "broken"));
        events.push_back(new_event(seed, "sound"));
    }
    const auto entries = post.deliver({broken, sound}, {post.record(events), false, 30s});
    CHECK(broken->seen().size() == 5);
    CHECK(sound->seen().size() == 20);
    for (const Entry& entry : entries) {
        CHECK((entry.state == EntryState::delivered) == (entry.callback == "sound"));
    }
    CHECK(post.outbox->endpoint("broken")->failures == 5);

    // Asked for everything at once the circuit is tried anew.
    post.deliver({broken, sound}, {std::nullopt, true, {}});
    CHECK(broken->seen().size() == 10);
}

TEST_CASE("courier: an endpoint that is gone is asked nothing more, in later runs neither")
{
    Post post;
    const auto target = callback("disable", [](const Event&, auto) {
        Attempt attempt = test::failed("410 Gone");
        attempt.outcome = Attempt::Outcome::gone;
        return attempt;
    });
    const auto ids = post.record({new_event(1, "disable"), new_event(2, "disable")});
    post.deliver({target}, {ids, false, 30s});
    post.deliver({target}, {std::nullopt, true, {}});
    CHECK(target->seen().size() == 1);
    CHECK(post.outbox->list(EntryState::pending)->size() == 2);
}

TEST_CASE("courier: a receiver that asks for a pause holds up its own events only")
{
    Post post;
    unsigned calls = 0;
    std::vector<std::chrono::milliseconds> times;
    const auto slow = callback("slow", [&](const Event&, auto) {
        times.push_back(post.clock.passed());
        return ++calls == 1 ? test::failed("429", 9s) : test::delivered();
    });
    const auto quick = callback("quick", [&](const Event&, auto) {
        CHECK(post.clock.passed() == 0s);
        return test::delivered();
    });
    const auto ids = post.record({new_event(1, "slow"), new_event(2, "slow"), new_event(3, "quick")});
    const auto entries = post.deliver({slow, quick}, {ids, false, 30s});
    CHECK(times == std::vector<std::chrono::milliseconds>{0s, 9s, 9s});
    CHECK(std::all_of(entries.begin(), entries.end(), [](const Entry& e) { return e.state == EntryState::delivered; }));
}

TEST_CASE("courier: an attempt that the deadline of the run cuts off is none")
{
    Post post;
    const auto target = callback("disable", [&](const Event&, auto deadline) {
        post.clock.pass(std::chrono::ceil<std::chrono::milliseconds>(deadline - post.clock.steady()));
        return test::failed("no answer in time");
    });
    const auto ids = post.record({new_event(1, "disable")});
    CHECK(post.deliver({target}, {ids, false, 2s})[0].attempts == 0);
    CHECK(post.outbox->endpoint("disable")->failures == 0);
    CHECK(post.deliver({target}, {ids, true, {}})[0].attempts == 1);  // had its thirty seconds
    CHECK(target->seen().size() == 2);
}

TEST_CASE("courier: a token that stands in a repository is read again, and one that is gone keeps its event")
{
    Post post;
    NewEvent there = new_event(5, "disable");
    there.place = TokenPlace{"/r", "aa", 5, {}};
    NewEvent gone = new_event(6, "disable");
    gone.place = TokenPlace{"/r", "bb", 6, {}};
    const auto ids = post.record({there, gone});
    post.open();
    PlaceReader reader;
    const auto target = callback("disable", [](const Event&, auto) { return test::delivered(); });
    const auto entries = post.deliver({target}, {std::nullopt, true, {}}, &reader);
    REQUIRE(target->seen().size() == 1);
    CHECK(target->seen()[0].token == test::token(5));
    const auto kept = post.outbox->find(ids[1]);
    CHECK(kept->state == EntryState::pending);
    CHECK(kept->message == "the token cannot be read again: no object bb");
    CHECK(post.outbox->endpoint("disable")->failures == 0);
}

TEST_CASE("courier: what a callback says never brings a token into the outbox")
{
    Post post;
    const auto target = callback("disable", [](const Event& event, auto) {
        return test::failed("cannot disable " + std::string(event.token.reveal()) + "\x1b[31m");
    });
    const auto ids = post.record({new_event(1, "disable")});
    const auto entries = post.deliver({target}, {ids, true, {}});
    CHECK(entries[0].message == "cannot disable " + test::redacted(test::token(1)) + "\\x1b[31m");
}

TEST_CASE("courier: a callback that throws has failed, and the others go on")
{
    Post post;
    const auto bad = callback("bad", [](const Event&, auto) -> Attempt { throw std::runtime_error("oh"); });
    const auto good = callback("good", [](const Event&, auto) { return test::delivered(); });
    const auto entries =
        post.deliver({bad, good}, {post.record({new_event(1, "bad"), new_event(1, "good")}), true, {}});
    CHECK(entries[0].message == "the callback threw an exception: oh");
    CHECK(entries[1].state == EntryState::delivered);
}

TEST_CASE("courier: events of a callback that is not configured stay as they are")
{
    Post post;
    const auto ids = post.record({new_event(1, "old name")});
    const auto entries = post.deliver({}, {std::nullopt, true, {}});
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].state == EntryState::pending);
    CHECK(entries[0].attempts == 0);
}

TEST_CASE("courier: two couriers on one outbox send each event once, and both learn how it went")
{
    const TempDir dir;
    OutboxOptions options;
    options.file = dir / "state/outbox.db";
    options.key_file = dir / "data/outbox.key";
    std::vector<NewEvent> events;
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        events.push_back(new_event(seed, "disable"));
    }
    const auto target = callback("disable", [](const Event&, auto) {
        std::this_thread::sleep_for(2ms);
        return test::delivered();
    });
    std::atomic<std::size_t> learned = 0;
    const auto run = [&] {
        const auto outbox = std::move(*Outbox::open(options));
        std::vector<std::string> ids;
        const auto recorded = outbox->record(events);
        for (const Entry& entry : *recorded) {
            ids.push_back(entry.event.event_id);
        }
        CourierOptions with;
        with.threads = 4;
        Courier courier(*outbox, {target}, with);
        const auto entries = courier.deliver({ids, false, 60s});
        for (const Entry& entry : *entries) {
            learned += entry.state == EntryState::delivered ? 1U : 0U;
        }
    };
    {
        const std::jthread first(run);
        const std::jthread second(run);
    }
    CHECK(learned.load() == 50);
    std::set<std::string> ids;
    for (const test::Seen& seen : target->seen()) {
        ids.insert(seen.event_id);
    }
    CHECK(ids.size() == 25);
    CHECK(target->seen().size() == 25);
}
