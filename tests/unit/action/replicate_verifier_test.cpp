// What the answers of the API mean, and how many questions it gets.
#include "action/replicate_verifier.h"

#include "tests/support/http_server.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;
using namespace r8scan::action;
using namespace r8scan::test;
using namespace std::chrono_literals;

namespace {

Attempt judge(long status, const std::string& type, const std::string& body,
              std::map<std::string, std::string> headers = {})
{
    HttpResponse response;
    response.status = status;
    response.headers = std::move(headers);
    response.headers["content-type"] = type;
    response.body = body;
    return ReplicateVerifier::judge(response);
}

bool is(const Attempt& attempt, Status status)
{
    return attempt.outcome == Attempt::Outcome::delivered && attempt.verdict.status == status;
}

Event event_for(const std::string& token)
{
    Event event;
    event.token = Secret(token);
    return event;
}

const std::string account = R"({"type":"organization","username":"acme","name":"Acme","github_url":"x"})";
const std::string problem = R"({"title":"Unauthenticated","detail":"You did not pass a valid token","status":401})";
const std::string page = "<!DOCTYPE html><html><title>Just a moment</title></html>";

}  // namespace

TEST_CASE("verifier: an account in JSON means active, and says whose it is")
{
    for (const char* const type : {"application/json", "application/json; charset=utf-8", "text/plain"}) {
        const Attempt attempt = judge(200, type, account);
        CHECK(is(attempt, Status::active));
        CHECK(attempt.verdict.owner == "acme");
    }
    CHECK(is(judge(200, "application/json", R"({"type":"user","username":"me"})"), Status::active));
}

TEST_CASE("verifier: a problem in JSON with status 401 means inactive, and only that does")
{
    CHECK(is(judge(401, "application/problem+json", problem), Status::inactive));
    CHECK(is(judge(401, "application/json", problem), Status::inactive));
    CHECK(is(judge(401, "text/html", page), Status::unknown));
    CHECK(is(judge(401, "application/json", page), Status::unknown));
    CHECK(is(judge(401, "text/html", problem), Status::unknown));
    CHECK(is(judge(401, "application/json", ""), Status::unknown));
    CHECK(is(judge(401, "application/json", "[]"), Status::unknown));
    CHECK(is(judge(401, "application/json", "\"Unauthenticated\""), Status::unknown));
}

TEST_CASE("verifier: every other answer means unknown or is asked again, and never inactive")
{
    for (const long status : {204L, 301L, 302L, 400L, 402L, 403L, 404L, 407L, 418L, 422L, 451L}) {
        for (const std::string& body : {account, problem, page, std::string()}) {
            CHECK(is(judge(status, "application/json", body), Status::unknown));
            CHECK(is(judge(status, "text/html", body), Status::unknown));
        }
    }
    for (const long status : {429L, 500L, 502L, 503L, 504L, 520L, 599L}) {
        for (const std::string& body : {account, problem, page}) {
            CHECK(judge(status, "application/json", body).outcome == Attempt::Outcome::failed);
        }
    }
    for (const std::string& body :
         {page, std::string(), std::string("{}"), std::string("[]"), std::string(R"({"type":"robot","username":"x"})"),
          std::string(R"({"type":"user"})"), std::string(R"({"type":"user","username":7})"),
          std::string(R"({"type":"user","username":""})")}) {
        CHECK(is(judge(200, "application/json", body), Status::unknown));
    }
}

TEST_CASE("verifier: how long to stay away is taken from either header")
{
    CHECK(judge(429, "application/json", "{}", {{"retry-after", "7"}}).retry_after == 7s);
    CHECK(judge(429, "application/json", "{}", {{"ratelimit-reset", "9"}}).retry_after == 9s);
    CHECK(judge(503, "text/html", page, {{"retry-after", "rubbish"}, {"ratelimit-reset", "4"}}).retry_after == 4s);
    CHECK_FALSE(judge(429, "application/json", "{}", {{"retry-after", "soon"}}).retry_after.has_value());
}

TEST_CASE("verifier: the account is asked for with the token in its header, below any base")
{
    HttpServer server([](const SeenRequest& seen) {
        return seen.header("authorization") == "Bearer " + token(1)
                   ? Answer{200, account, "application/json", {}, 0ms}
                   : Answer{401, problem, "application/problem+json", {}, 0ms};
    });
    for (const char* const base : {"", "/", "/v1", "/v1/"}) {
        const auto verifier = ReplicateVerifier::make(server.url(base), {});
        REQUIRE(verifier);
        const auto deadline = std::chrono::steady_clock::now() + 30s;
        CHECK(is((*verifier)->deliver(event_for(token(1)), deadline), Status::active));
        CHECK(is((*verifier)->deliver(event_for(token(2)), deadline), Status::inactive));
    }
    for (const SeenRequest& seen : server.requests()) {
        CHECK(seen.method == "GET");
        CHECK(seen.path == "/v1/account");
        CHECK(seen.header("accept") == "application/json");
    }
}

TEST_CASE("verifier: a secret that is no single word is never put into a header")
{
    HttpServer server([](const SeenRequest&) { return Answer{200, account, "application/json", {}, 0ms}; });
    const auto verifier = ReplicateVerifier::make(server.url(), {});
    REQUIRE(verifier);
    for (const std::string secret : {"", "a b", "a\r\nX-Evil: 1", "a\x7f", "\xc3\xa9"}) {
        CHECK(is((*verifier)->deliver(event_for(secret), std::chrono::steady_clock::now() + 30s), Status::unknown));
    }
    CHECK(server.requests().empty());
}

TEST_CASE("verifier: after status 429 nobody asks before the time that the server named")
{
    std::atomic<int> asked{0};
    HttpServer server([&](const SeenRequest&) {
        return ++asked == 1 ? Answer{429, "{}", "application/json", {{"Retry-After", "1"}}, 0ms}
                            : Answer{200, account, "application/json", {}, 0ms};
    });
    const auto verifier = ReplicateVerifier::make(server.url(), {});
    REQUIRE(verifier);
    const auto start = std::chrono::steady_clock::now();
    CHECK((*verifier)->deliver(event_for(token(1)), start + 30s).outcome == Attempt::Outcome::failed);
    const auto answered = std::chrono::steady_clock::now();
    CHECK(is((*verifier)->deliver(event_for(token(1)), start + 30s), Status::active));
    CHECK(std::chrono::steady_clock::now() - answered > 900ms);

    const Attempt impatient = [&] {
        asked = 0;
        (void)(*verifier)->deliver(event_for(token(1)), start + 60s);
        return (*verifier)->deliver(event_for(token(1)), std::chrono::steady_clock::now() + 10ms);
    }();
    CHECK(impatient.outcome == Attempt::Outcome::failed);
    CHECK(impatient.retry_after.has_value());
    CHECK(asked == 1);
}

TEST_CASE("rate limiter: no window holds more starts than allowed, and a pause holds for all")
{
    RateLimiter limiter(5, 200ms);
    std::vector<RateLimiter::Clock::time_point> starts;
    const auto far = RateLimiter::Clock::now() + 60s;
    for (int i = 0; i < 17; ++i) {
        REQUIRE(limiter.wait(far));
        starts.push_back(RateLimiter::Clock::now());
    }
    for (std::size_t i = 5; i < starts.size(); ++i) {
        CHECK(starts[i] - starts[i - 5] > 190ms);
    }
    RateLimiter idle(5, 200ms);
    idle.pause(60s);
    CHECK_FALSE(idle.wait(RateLimiter::Clock::now() + 5s));
    std::atomic<bool> stop{true};
    CHECK_FALSE(idle.wait(RateLimiter::Clock::now() + 300s, &stop));
}
