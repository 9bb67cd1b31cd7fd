// What a callback is told and how its answer is read.
#include "action/event.h"

#include "tests/support/tokens.h"
#include "util/bytes.h"
#include "util/hash.h"
#include "util/star_tokens.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace r8scan;
using namespace r8scan::action;
using nlohmann::json;

namespace {

Event made_up_event()
{
    Event event;
    event.event_id = "evt_1";
    event.stage = Stage::revoke;
    event.rule = "replicate-api-token";
    event.token = Secret(test::token(1));
    event.token_sha256 = sha256_hex(as_bytes(test::token(1)));
    event.redacted = event.token.redacted();
    event.run_id = "run";
    Verdict verification;
    verification.status = Status::active;
    verification.owner = "acme";
    verification.at = "2026-01-02T03:04:05Z";
    event.verification = verification;
    event.exposure.repository = "https://github.com/acme/app";
    event.exposure.first_commit = std::string(40, 'a');
    event.exposure.first_date = "2025-01-02T03:04:05+01:00";
    EventPlace place;
    place.kind = "blob";
    place.path = "a \"b\" \x1b[31m \xff.txt";
    place.line = 7;
    place.link = "https://github.com/acme/app/blob/x";
    event.exposure.places.push_back(place);
    return event;
}

std::string error_of(const std::string& text)
{
    const Result<Verdict> verdict = read_verdict(text);
    return verdict ? "" : verdict.error().message();
}

}  // namespace

TEST_CASE("event: it is one JSON object on one line with the fields of the contract")
{
    const Secret text = to_json(made_up_event(), true);
    CHECK(text.reveal().find('\n') == std::string_view::npos);
    const json event = json::parse(text.reveal());
    CHECK(event["schema"] == "r8scan-event/1");
    CHECK(event["event_id"] == "evt_1");
    CHECK(event["stage"] == "revoke");
    CHECK(event["rule"] == "replicate-api-token");
    CHECK(event["token"] == test::token(1));
    CHECK(event["token_sha256"] == sha256_hex(as_bytes(test::token(1))));
    CHECK(event["redacted"] == test::redacted(test::token(1)));
    CHECK(event["confidence"] == "high");
    CHECK(event["verification"]["status"] == "active");
    CHECK(event["verification"]["owner"] == "acme");
    CHECK(event["verification"]["at"] == "2026-01-02T03:04:05Z");
    CHECK(event["revocation"].is_null());
    CHECK(event["exposure"]["repository"] == "https://github.com/acme/app");
    CHECK(event["exposure"]["visibility"] == "unknown");
    CHECK(event["exposure"]["first_seen"]["commit"] == std::string(40, 'a'));
    CHECK(event["exposure"]["last_seen"]["commit"].is_null());
    CHECK(event["exposure"]["places"][0]["line"] == 7);
    CHECK(event["exposure"]["places"][0]["path"] == "a \"b\" \x1b[31m \\xff.txt");
    CHECK(event["run_id"] == "run");
    CHECK_FALSE(event.contains("notice"));
}

TEST_CASE("event: a callback that declared no need of the token gets none")
{
    const Secret text = to_json(made_up_event(), false);
    CHECK(text.reveal().find(test::token(1)) == std::string_view::npos);
    CHECK_FALSE(json::parse(text.reveal()).contains("token"));
}

TEST_CASE("event: a token of any bytes comes through as JSON, and no text of a repository takes its place")
{
    Event event = made_up_event();
    event.rule = R"("token":"")";
    event.exposure.repository = R"("token":"")";
    event.token = Secret("a\"b\\c\n\x01\xc3\xa9\xff");
    const json read = json::parse(to_json(event, true).reveal());
    CHECK(read["token"] == "a\"b\\c\n\x01\xc3\xa9\\xff");
    CHECK(read["rule"] == event.rule);
    CHECK(read["exposure"]["repository"] == event.exposure.repository);
}

TEST_CASE("event: the same token, callback and stage have the same id, and any other has another")
{
    const std::string id = event_id("aa", "disable", Stage::revoke);
    CHECK(id.size() == 36);
    CHECK(id.starts_with("evt_"));
    CHECK(id == event_id("aa", "disable", Stage::revoke));
    CHECK(id != event_id("ab", "disable", Stage::revoke));
    CHECK(id != event_id("aa", "disable2", Stage::revoke));
    CHECK(id != event_id("aa", "disable", Stage::notify));
    CHECK(id != event_id("aa", "disable", Stage::revoke, "x"));
    CHECK(event_id("a", "ab", Stage::verify) != event_id("aa", "b", Stage::verify));
}

TEST_CASE("event: words for stages and statuses are read back as what they are")
{
    for (const Stage stage : {Stage::verify, Stage::revoke, Stage::notify}) {
        CHECK(stage_of(to_string(stage)) == stage);
    }
    for (const Status status : {Status::active, Status::inactive, Status::unknown, Status::revoked,
                                Status::already_revoked, Status::ok, Status::skipped, Status::failed}) {
        CHECK(status_of(to_string(status)) == status);
    }
    CHECK_FALSE(stage_of("Revoke").has_value());
    CHECK_FALSE(status_of("").has_value());
}

TEST_CASE("verdict: an answer is read with all of its fields")
{
    const Result<Verdict> verdict = read_verdict(
        R"({"status":"revoked","message":"gone","retry_after":1.5,"owner":"acme","token_name":"ci","more":[1]})");
    REQUIRE(verdict);
    CHECK(verdict->status == Status::revoked);
    CHECK(verdict->message == "gone");
    CHECK(verdict->retry_after == std::chrono::seconds(2));
    CHECK(verdict->owner == "acme");
    CHECK(verdict->token_name == "ci");
    CHECK(read_verdict(R"({"status":"ok","message":null,"retry_after":null})").ok());
    CHECK(read_verdict(R"({"status":"ok","retry_after":1e300})")->retry_after == std::chrono::hours(7 * 24));
}

TEST_CASE("verdict: a wrong answer is an error that says what is wrong and quotes nothing")
{
    CHECK(error_of("") == "the answer is empty");
    CHECK(error_of("revoked") == "the answer is not JSON");
    CHECK(error_of("{\"status\":\"ok\"} {}") == "the answer is not JSON");
    CHECK(error_of("\xff\xfe") == "the answer is not JSON");
    CHECK(error_of("[1]") == "the answer is no JSON object");
    CHECK(error_of("{}") == "the answer has no status");
    CHECK(error_of(R"({"status":1})") == "the answer has no status");
    CHECK(error_of(R"({"status":"Revoked!"})") == "the answer has a status that is not known");
    CHECK(error_of(R"({"status":"ok","message":1})").starts_with("message: the answer has a field"));
    CHECK(error_of(R"({"status":"ok","retry_after":-1})").find("retry_after") != std::string::npos);
    CHECK(error_of(R"({"status":"ok","retry_after":"soon"})").find("retry_after") != std::string::npos);
    CHECK(error_of(R"({"status":"ok","message":")" + std::string(70000, 'x') + "\"}") ==
          "the answer is longer than 64 KiB");
    CHECK(error_of(std::string(60000, '[')) == "the answer is not JSON");
    CHECK(error_of(std::string(30000, '[') + std::string(30000, ']')) == "the answer is no JSON object");
}

TEST_CASE("verdict: a token in an answer is starred, and long texts are cut between characters")
{
    const json answer{{"status", "failed"}, {"message", "no such token " + test::token(2)}};
    const Result<Verdict> verdict = read_verdict(answer.dump());
    REQUIRE(verdict);
    CHECK(verdict->message == "no such token " + test::redacted(test::token(2)));

    std::string accents;
    for (int i = 0; i < 1000; ++i) {
        accents += "é";
    }
    const Result<Verdict> cut = read_verdict(json{{"status", "ok"}, {"message", "a" + accents}}.dump());
    REQUIRE(cut);
    CHECK(cut->message.size() < 1010);
    CHECK(cut->message.ends_with("é…"));
}

TEST_CASE("starring: what looks like a token is starred in any text, and a given secret whatever it looks like")
{
    const std::string token = test::token(3);
    CHECK(star_tokens("a " + token + " b " + token) == "a " + test::redacted(token) + " b " + test::redacted(token));
    CHECK(star_tokens("r8_short r8_") == "r8_short r8_");
    CHECK(star_out("x=secret-value;secret-value", "secret-value") == "x=secre*******;secre*******");
    CHECK(star_out("text", "") == "text");
}
