// found -> verify -> revoke -> verify again -> notify, with receivers and verifiers that remember.
#include "action/pipeline.h"
#include "action/exposure.h"

#include "tests/support/tokens.h"
#include "util/bytes.h"
#include "util/hash.h"

#include <doctest/doctest.h>

#include <set>

using namespace r8scan;
using namespace r8scan::action;
using namespace r8scan::test;

namespace {

/// A world of tokens: those that are live, and what happened in which order.
struct World {
    std::set<std::string> live;
    std::vector<std::string> log;
    bool revocation_works = true;
    std::mutex mutex;
};

class Fake : public Callback {
public:
    Fake(World& world, std::string name, Stage stage) : m_world(world), m_name(std::move(name)), m_stage(stage) {}
    [[nodiscard]] const std::string& name() const override { return m_name; }
    [[nodiscard]] Stage stage() const override { return m_stage; }
    [[nodiscard]] bool needs_secret() const override { return true; }
    Attempt deliver(const Event& event, std::chrono::steady_clock::time_point) override
    {
        const std::lock_guard lock(m_world.mutex);
        const std::string token(event.token.reveal());
        m_world.log.push_back(m_name + " " + token.substr(0, 6));
        events.push_back(event);
        Attempt attempt;
        attempt.outcome = Attempt::Outcome::delivered;
        if (m_stage == Stage::verify) {
            attempt.verdict.status = m_world.live.contains(token) ? Status::active : Status::inactive;
        } else if (m_stage == Stage::revoke) {
            attempt.verdict.status = m_world.live.erase(token) != 0 ? Status::revoked : Status::already_revoked;
            attempt.verdict.message = "done with " + token;
        } else {
            attempt.verdict.status = Status::ok;
        }
        if (m_stage == Stage::revoke && !m_world.revocation_works) {
            attempt.outcome = Attempt::Outcome::failed;
            attempt.message = "no keys for " + token;
        }
        return attempt;
    }
    std::vector<Event> events;

private:
    World& m_world;
    std::string m_name;
    Stage m_stage;
};

class FakeCarrier : public Carrier {
public:
    Result<std::vector<Sent>> carry(const std::vector<Outgoing>& events) override
    {
        if (broken) {
            return Error(ErrorCode::io, "the journal cannot be written");
        }
        std::vector<Sent> all;
        for (const Outgoing& outgoing : events) {
            const Attempt attempt = outgoing.receiver->callback->deliver(outgoing.event, {});
            Sent sent;
            const bool ok = attempt.outcome == Attempt::Outcome::delivered;
            sent.state = ok ? Sent::State::delivered : Sent::State::pending;
            sent.verdict = attempt.verdict;
            sent.message = attempt.message;
            all.push_back(sent);
        }
        return all;
    }
    Result<std::vector<std::optional<Verdict>>> answered(const std::vector<Outgoing>& events) override
    {
        if (broken) {
            return Error(ErrorCode::io, "the journal cannot be read");
        }
        std::vector<std::optional<Verdict>> verdicts;
        for (const Outgoing& outgoing : events) {
            const auto known = earlier.find(outgoing.event.event_id);
            verdicts.push_back(known == earlier.end() ? std::nullopt : std::optional(known->second));
        }
        return verdicts;
    }
    bool broken = false;
    std::map<std::string, Verdict> earlier;  // by the event's id
};

struct Kept : Sink {
    Result<void> finding(const Finding& finding) override
    {
        findings.push_back(finding);
        return {};
    }
    Result<void> summary(const Summary& given) override
    {
        last = given;
        return {};
    }
    std::vector<Finding> findings;
    Summary last;
};

Finding finding_of(std::uint64_t seed, const std::string& path, const std::string& date = "2025-05-05T05:05:05Z")
{
    Finding finding;
    finding.rule = "replicate-api-token";
    finding.secret = std::make_shared<Secret>(token(seed));
    finding.token_sha256 = sha256_hex(as_bytes(token(seed)));
    finding.kind = "blob";
    finding.path = path;
    finding.commit = std::string(40, 'c');
    finding.date = date;
    finding.repository = "https://github.com/acme/app";
    return finding;
}

/// A run over findings with everything in place.
struct Run {
    World world;
    Kept reports;
    FakeCarrier carrier;
    std::shared_ptr<Fake> verifier = std::make_shared<Fake>(world, "verify", Stage::verify);
    std::shared_ptr<Fake> revoker = std::make_shared<Fake>(world, "revoke", Stage::revoke);
    std::shared_ptr<Fake> notifier = std::make_shared<Fake>(world, "notify", Stage::notify);
    PipelineOptions options;
    std::vector<Status> only_revoke{Status::active, Status::unknown};
    std::vector<Status> only_notify;
    bool verifies = true;
    PipelineReport report;

    Run()
    {
        options.verifiable = {"replicate-api-token"};
        options.revoke = true;
    }
    int operator()(const std::vector<Finding>& findings, int exit_code = 1)
    {
        VerifyQueue queue({verifier.get()}, {});
        Pipeline pipeline(reports, verifies ? &queue : nullptr,
                          {Receiver{revoker, only_revoke, nullptr}, Receiver{notifier, only_notify, nullptr}}, &carrier,
                          options);
        for (const Finding& finding : findings) {
            REQUIRE(pipeline.finding(finding));
        }
        Summary summary;
        summary.exit_code = exit_code;
        REQUIRE(pipeline.summary(summary));
        report = pipeline.report();
        CHECK(pipeline.final_summary().exit_code == reports.last.exit_code);
        return reports.last.exit_code;
    }
};

}  // namespace

TEST_CASE("pipeline: each token takes every step once, in order, however many places hold it")
{
    Run run;
    run.world.live = {token(1)};
    CHECK(run({finding_of(1, "a"), finding_of(1, "b"), finding_of(1, "c")}) == 1);
    const std::string name = " " + token(1).substr(0, 6);
    CHECK(run.world.log ==
          std::vector<std::string>{"verify" + name, "revoke" + name, "verify" + name, "notify" + name});
    REQUIRE(run.reports.findings.size() == 3);
    for (const Finding& finding : run.reports.findings) {
        REQUIRE(finding.verification);
        CHECK(finding.verification->status == "inactive");
        REQUIRE(finding.revocation);
        CHECK(finding.revocation->status == "revoked");
        CHECK(finding.revocation->message.find(token(1)) == std::string::npos);
        CHECK_FALSE(finding.revocation->at.empty());
    }
    CHECK(run.notifier->events.at(0).revocation->status == Status::revoked);
    CHECK(run.notifier->events.at(0).exposure.places.size() == 3);
    CHECK(run.report.delivered == 2);
}

TEST_CASE("pipeline: without the order to revoke nothing is sent, and it is said what would be")
{
    for (const int reason : {0, 1, 2, 3}) {
        Run run;
        run.world.live = {token(1)};
        run.options.revoke = reason != 0;
        run.options.dry_run = reason == 1;
        run.options.no_revoking = reason == 2 ? "a hook never revokes" : "";
        run.options.ask = [&](const std::vector<Outgoing>&) { return reason != 3; };
        CHECK(run({finding_of(1, "a")}) == 1);
        CHECK(run.revoker->events.empty());
        CHECK(run.world.live.size() == 1);
        CHECK(run.notifier->events.size() == (reason == 1 ? 0 : 1));
        REQUIRE(run.reports.findings.at(0).revocation);
        CHECK(run.reports.findings.at(0).revocation->status == "skipped");
        REQUIRE(!run.report.lines.empty());
        CHECK(run.report.lines.front().find("callback \"revoke\": 1 event would be sent: ") == 0);
        CHECK(run.reports.last.notes.size() == run.report.lines.size());
    }
}

TEST_CASE("pipeline: a callback gets the tokens in the states that it asked for")
{
    Run run;
    run.world.live = {token(1)};
    (void)run({finding_of(1, "a"), finding_of(2, "b")});
    REQUIRE(run.revoker->events.size() == 1);
    CHECK(run.revoker->events.front().token == Secret(token(1)));
    CHECK(run.notifier->events.size() == 2);

    Run unverified;
    unverified.verifies = false;
    unverified.only_revoke = {Status::unknown};
    (void)unverified({finding_of(1, "a")});
    CHECK(unverified.revoker->events.size() == 1);
    CHECK(unverified.verifier->events.empty());
    CHECK_FALSE(unverified.reports.findings.at(0).verification.has_value());
}

TEST_CASE("pipeline: who asked for live tokens is told of those that were live when they were found, revoked meanwhile")
{
    Run run;
    run.world.live = {token(1)};
    run.only_notify = {Status::active};
    (void)run({finding_of(1, "a"), finding_of(2, "b")});
    REQUIRE(run.notifier->events.size() == 1);
    CHECK(run.notifier->events.front().token == Secret(token(1)));
    CHECK(run.notifier->events.front().revocation->status == Status::revoked);
    CHECK(run.notifier->events.front().verification->status == Status::inactive);
}

TEST_CASE("pipeline: what an earlier run revoked counts as found alive, so whoever was not told of it is told now")
{
    Run run;  // both tokens are dead by now
    run.only_notify = {Status::active};
    const std::string hash = sha256_hex(as_bytes(token(1)));
    Verdict verdict;
    verdict.status = Status::revoked;
    verdict.at = "2025-06-06T06:06:06Z";
    run.carrier.earlier[event_id(hash, "revoke", Stage::revoke)] = verdict;
    (void)run({finding_of(1, "a"), finding_of(2, "b")});
    CHECK(run.revoker->events.empty());
    CHECK(run.verifier->events.size() == 2);  // it is not verified again for what happened before
    REQUIRE(run.notifier->events.size() == 1);
    CHECK(run.notifier->events.front().token == Secret(token(1)));
    CHECK(run.notifier->events.front().revocation->at == verdict.at);
    REQUIRE(run.reports.findings.at(0).revocation);
    CHECK(run.reports.findings.at(0).revocation->status == "revoked");
    CHECK(run.reports.findings.at(0).verification->status == "inactive");
    CHECK_FALSE(run.reports.findings.at(1).revocation);

    Run refused;  // an earlier answer that ended nothing
    refused.only_notify = {Status::active};
    verdict.status = Status::skipped;
    refused.carrier.earlier[event_id(hash, "revoke", Stage::revoke)] = verdict;
    (void)refused({finding_of(1, "a")});
    CHECK(refused.notifier->events.empty());

    Run unreadable;
    unreadable.only_notify = {Status::active};
    unreadable.carrier.broken = true;
    (void)unreadable({finding_of(1, "a")});
    REQUIRE(unreadable.report.lines.size() == 1);
    CHECK(unreadable.report.lines.front() == "what earlier runs revoked is not known: the journal cannot be read");
}

TEST_CASE("pipeline: placeholders and tokens of other rules are not verified, and placeholders are sent to nobody")
{
    Run run;
    Finding placeholder = finding_of(1, "a");
    placeholder.placeholder = true;
    Finding other = finding_of(2, "b");
    other.rule = "another-service";
    (void)run({placeholder, other});
    CHECK(run.verifier->events.empty());
    REQUIRE(run.notifier->events.size() == 1);
    CHECK(run.notifier->events.front().rule == "another-service");
    CHECK_FALSE(run.notifier->events.front().verification.has_value());
}

TEST_CASE("pipeline: a delivery that is pending or failed makes exit code 4, and less than an incomplete scan does")
{
    for (const auto& [before, after] : {std::pair(0, 4), std::pair(1, 4), std::pair(3, 3), std::pair(130, 130)}) {
        Run run;
        run.world.live = {token(1)};
        run.world.revocation_works = false;
        CHECK(run({finding_of(1, "a")}, before) == after);
        CHECK(run.reports.findings.at(0).revocation->status == "pending");
        CHECK(run.report.pending == 1);
        CHECK(run.report.lines.front().find(token(1)) == std::string::npos);
        CHECK(run.report.lines.front().find("no keys for r8_") != std::string::npos);
        CHECK(run.notifier->events.at(0).revocation->status == Status::failed);
    }
    Run broken;
    broken.carrier.broken = true;
    CHECK(broken({finding_of(1, "a")}) == 4);
    CHECK(broken.report.failed >= 1);
}

TEST_CASE("pipeline: with fail-on active only a finding that is not known to be inactive makes exit code 1")
{
    for (const bool live : {true, false}) {
        Run run;
        run.options.revoke = false;
        run.options.fail_on_active = true;
        run.world.live = live ? std::set{token(1)} : std::set<std::string>();
        CHECK(run({finding_of(1, "a"), finding_of(2, "b")}) == (live ? 1 : 0));
    }
    Run unverified;
    unverified.verifies = false;
    unverified.options.revoke = false;
    unverified.options.fail_on_active = true;
    CHECK(unverified({finding_of(1, "a")}) == 1);
    Run incomplete;
    incomplete.options.fail_on_active = true;
    CHECK(incomplete({finding_of(1, "a")}, 3) == 3);
}

TEST_CASE("pipeline: a token that is still active after its revocation is said to be")
{
    Run run;
    run.world.live = {token(1)};
    class Liar : public Fake {
    public:
        using Fake::Fake;
        Attempt deliver(const Event&, std::chrono::steady_clock::time_point) override
        {
            Attempt attempt;
            attempt.outcome = Attempt::Outcome::delivered;
            attempt.verdict.status = Status::revoked;
            return attempt;
        }
    };
    run.revoker = std::make_shared<Liar>(run.world, "liar", Stage::revoke);
    (void)run({finding_of(1, "a")});
    CHECK(run.reports.findings.at(0).verification->status == "active");
    CHECK(run.reports.findings.at(0).revocation->message.find("still active") != std::string::npos);
}

TEST_CASE("pipeline: who stops gets the report, and nothing is revoked or told any more")
{
    Run run;
    std::atomic<bool> stop{true};
    run.options.stop = &stop;
    run.world.live = {token(1)};
    CHECK(run({finding_of(1, "a")}, 130) == 130);
    CHECK(run.reports.findings.size() == 1);
    CHECK(run.revoker->events.empty());
    CHECK(run.notifier->events.empty());
}

TEST_CASE("exposure: since when and where, by instants and not by the text of dates")
{
    const Finding a = finding_of(1, "a", "2025-05-05T01:00:00+05:00");  // the earliest, by its zone
    const Finding b = finding_of(1, "b", "2025-05-04T23:00:00Z");
    Finding c = finding_of(1, "c", "2025-06-01T00:00:00-01:00");
    c.at_head = true;
    const std::vector<const Finding*> findings{&b, &c, &a};
    const Exposure exposure = exposure_of(findings, "private");
    CHECK(exposure.first_date == *a.date);
    CHECK(exposure.last_date == *c.date);
    CHECK(exposure.at_head);
    CHECK(exposure.visibility == "private");
    CHECK(exposure.repository == "https://github.com/acme/app");
    REQUIRE(exposure.places.size() == 3);
    CHECK(exposure.places[0].path == "c");
    CHECK(exposure.places[1].path == "a");
    CHECK(unix_time_of("1970-01-01T00:00:00Z") == 0);
    CHECK(unix_time_of("2024-02-29T12:00:00+01:00") == 1709204400);
    for (const char* const rubbish :
         {"", "2024", "2024-13-01T00:00:00Z", "2024-02-29 12:00:00", "2024-02-29T12:00:00+1", "x"}) {
        CHECK_FALSE(unix_time_of(rubbish).has_value());
    }
    const std::vector<Finding> many(500, a);
    std::vector<const Finding*> all;
    for (const Finding& finding : many) {
        all.push_back(&finding);
    }
    CHECK(exposure_of(all, "unknown").places.size() == most_places);
}
