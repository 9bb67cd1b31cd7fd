// Webhooks: bodies, signatures that another implementation accepts, and what answers mean.
#include "action/http_callback.h"

#include "tests/support/http_server.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <nlohmann/json.hpp>

#include <ctime>
#include <memory>
#include <set>

using namespace r8scan;
using namespace r8scan::action;
using namespace r8scan::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const std::string shared_key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";  // r8scan:allow the public test vector

Event event_for(std::uint64_t seed)
{
    Event event;
    event.event_id = event_id("hash" + std::to_string(seed), "hook", Stage::revoke);
    event.stage = Stage::revoke;
    event.rule = "replicate-api-token";
    event.token = Secret(token(seed));
    event.redacted = event.token.redacted();
    EventPlace place;
    place.kind = "blob";
    place.link = "https://github.com/acme/app/blob/abc/.env#L1";
    event.exposure.places.push_back(place);
    return event;
}

HttpCallbackOptions options_for(const std::string& url)
{
    HttpCallbackOptions options;
    options.name = "hook";
    options.stage = Stage::revoke;
    options.url = url;
    options.needs_secret = true;
    return options;
}

std::unique_ptr<HttpCallback> make(HttpCallbackOptions options)
{
    auto made = HttpCallback::make(std::move(options), {});
    REQUIRE_MESSAGE(made.ok(), (made ? "" : made.error().message()));
    return std::move(*made);
}

Attempt deliver(HttpCallback& callback, const Event& event)
{
    return callback.deliver(event, std::chrono::steady_clock::now() + 60s);
}

Attempt judge(long status, const std::string& body = "", std::map<std::string, std::string> headers = {})
{
    HttpResponse response;
    response.status = status;
    response.body = body;
    response.headers = std::move(headers);
    return HttpCallback::judge(response);
}

std::string error_of(HttpCallbackOptions options)
{
    const auto made = HttpCallback::make(std::move(options), {});
    return made ? "" : made.error().message();
}

/// Decoding of its own, so that what is tested does not check itself.
std::string from_base64(std::string_view text)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        const std::size_t value = digits.find(c);
        if (value == std::string_view::npos) {
            break;
        }
        held = (held << 6U) | static_cast<unsigned>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>((held >> bits) & 0xffU);
        }
    }
    return out;
}

std::string hmac_sha256(const std::string& key, const std::string& content)
{
    unsigned char digest[32];
    unsigned size = sizeof digest;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(content.data()),
         content.size(), digest, &size);
    return {reinterpret_cast<const char*>(digest), size};
}

bool ed25519_holds(const std::string& public_key, const std::string& content, const std::string& signature)
{
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                    reinterpret_cast<const unsigned char*>(public_key.data()), public_key.size()),
        EVP_PKEY_free);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                            reinterpret_cast<const unsigned char*>(content.data()), content.size()) == 1;
}

}  // namespace

TEST_CASE("signature: the published vector of Standard Webhooks comes out exactly")
{
    const Result<Signer> signer = Signer::from(shared_key);
    REQUIRE(signer);
    CHECK(signer->sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})") ==
          "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("signature: an Ed25519 signature holds under the public key, from a seed and from a whole key")
{
    // RFC 8032, section 7.1, test 1.
    const std::string seed = from_base64("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
    const std::string public_key = from_base64("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    for (const std::string& key : {seed, seed + public_key}) {
        const Result<Signer> signer = Signer::from("whsk_" + base64(key));
        REQUIRE(signer);
        const std::string value = signer->sign("id", 7, "body");
        REQUIRE(value.starts_with("v1a,"));
        CHECK(ed25519_holds(public_key, "id.7.body", from_base64(value.substr(4))));
        CHECK_FALSE(ed25519_holds(public_key, "id.8.body", from_base64(value.substr(4))));
    }
}

TEST_CASE("signature: several keys give several signatures, and a wrong key is refused without being repeated")
{
    const Result<Signer> both = Signer::from(shared_key + " whsec_" + base64("another key of some length"));
    REQUIRE(both);
    const std::string value = both->sign("id", 1, "x");
    CHECK(std::count(value.begin(), value.end(), ' ') == 1);
    CHECK(value.find(" v1,") != std::string::npos);
    for (const std::string key :
         {"", " ", "MfKQ9r8G", "whsec_", "whsec_!!!!", "whsec_A", "whsk_QUJD", "whpk_QUJD", "whsec_QQ=Q"}) {
        const Result<Signer> wrong = Signer::from(key);
        CHECK_MESSAGE(!wrong.ok(), key);
        if (!wrong && key.size() > 6) {
            CHECK(wrong.error().message().find(key.substr(6)) == std::string::npos);
        }
    }
    CHECK(Signer::from("whsec_QQ").ok());  // unpadded
}

TEST_CASE("webhook: a thousand requests are signed so that another implementation accepts each")
{
    HttpServer server([](const SeenRequest&) { return Answer{204, "", "text/plain", {}, 0ms}; });
    HttpCallbackOptions options = options_for(server.url("/hook"));
    options.key = Secret(shared_key);
    const auto callback = make(options);
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        REQUIRE(deliver(*callback, event_for(seed)).outcome == Attempt::Outcome::delivered);
    }
    const std::string key = from_base64(shared_key.substr(6));
    std::set<std::string> ids;
    std::size_t valid = 0;
    for (const SeenRequest& seen : server.requests()) {
        const std::string content =
            seen.header("webhook-id") + '.' + seen.header("webhook-timestamp") + '.' + seen.body;
        valid += "v1," + base64(hmac_sha256(key, content)) == seen.header("webhook-signature") ? 1U : 0U;
        ids.insert(seen.header("webhook-id"));
        CHECK(std::abs(std::stol(seen.header("webhook-timestamp")) - std::time(nullptr)) < 600);
    }
    CHECK(valid == 1000);
    CHECK(ids.size() == 1000);
}

TEST_CASE("webhook: the body is the event, with the token only where it was declared to be needed")
{
    HttpServer server([](const SeenRequest&) { return Answer{}; });
    (void)deliver(*make(options_for(server.url())), event_for(1));
    HttpCallbackOptions without = options_for(server.url());
    without.needs_secret = false;
    (void)deliver(*make(without), event_for(1));
    const auto requests = server.requests();
    REQUIRE(requests.size() == 2);
    CHECK(requests[0].method == "POST");
    CHECK(requests[0].header("content-type") == "application/json");
    CHECK(json::parse(requests[0].body)["token"] == token(1));
    CHECK(json::parse(requests[0].body)["event_id"] == requests[0].header("webhook-id"));
    CHECK(requests[0].header("webhook-signature").empty());
    CHECK(requests[1].body.find(token(1)) == std::string::npos);
    for (const SeenRequest& seen : requests) {
        CHECK(seen.path.find(token(1)) == std::string::npos);
        for (const auto& [name, value] : seen.headers) {
            CHECK(value.find(token(1)) == std::string::npos);
        }
    }
}

TEST_CASE("webhook: the partner format is the array that issuers of tokens get")
{
    HttpServer server([](const SeenRequest&) { return Answer{}; });
    HttpCallbackOptions options = options_for(server.url());
    options.partner_format = true;
    (void)deliver(*make(options), event_for(1));
    const json body = json::parse(server.requests().at(0).body);
    CHECK(body == json::array({{{"token", token(1)},
                                {"type", "replicate_api_token"},
                                {"url", "https://github.com/acme/app/blob/abc/.env#L1"},
                                {"source", "content"}}}));
    options.needs_secret = false;
    CHECK(error_of(options).find("needs_secret = true") != std::string::npos);
}

TEST_CASE("webhook: 2xx is success with the verdict that the answer holds, or plain ok")
{
    const Attempt revoked = judge(200, R"({"status":"already_revoked","message":"long ago"})");
    CHECK(revoked.outcome == Attempt::Outcome::delivered);
    CHECK(revoked.verdict.status == Status::already_revoked);
    CHECK(revoked.verdict.message == "long ago");
    for (const std::string body : {"", "OK", "{\"ok\":true}", "<html>", "[]"}) {
        const Attempt attempt = judge(202, body);
        CHECK(attempt.outcome == Attempt::Outcome::delivered);
        CHECK(attempt.verdict.status == Status::ok);
    }
}

TEST_CASE("webhook: 3xx is a failure, 410 stops the endpoint, and what asks for a pause gets it")
{
    for (const long status : {300L, 301L, 302L, 307L, 308L}) {
        CHECK(judge(status).outcome == Attempt::Outcome::failed);
        CHECK(judge(status).message.find("not followed") != std::string::npos);
    }
    CHECK(judge(410).outcome == Attempt::Outcome::gone);
    for (const long status : {429L, 502L, 503L, 504L}) {
        CHECK(judge(status, "", {{"retry-after", "17"}}).retry_after == 17s);
        CHECK_FALSE(judge(status, "", {{"retry-after", "later, please"}}).retry_after.has_value());
    }
    for (const long status : {400L, 401L, 404L, 418L, 500L, 599L}) {
        CHECK(judge(status).outcome == Attempt::Outcome::failed);
    }
}

TEST_CASE("webhook: the signing key, the token and what the server says of them are in no message")
{
    HttpServer server([](const SeenRequest& seen) { return Answer{500, seen.body, "text/plain", {}, 0ms}; });
    HttpCallbackOptions options = options_for(server.url());
    options.key = Secret(shared_key);
    const Attempt attempt = deliver(*make(options), event_for(1));
    CHECK(attempt.outcome == Attempt::Outcome::failed);
    CHECK(attempt.message.find(token(1)) == std::string::npos);
    options.key = Secret("whsec_***" + shared_key);
    const std::string error = error_of(options);
    CHECK(error.find("callback \"hook\"") != std::string::npos);
    CHECK(error.find("MfKQ9r8") == std::string::npos);
}

TEST_CASE("webhook: an endpoint that is slower than its own time-out has failed")
{
    HttpServer server([](const SeenRequest&) { return Answer{200, "", "text/plain", {}, 1500ms}; });
    HttpCallbackOptions options = options_for(server.url());
    options.timeout = 100ms;
    const Attempt attempt = deliver(*make(options), event_for(1));
    CHECK(attempt.outcome == Attempt::Outcome::failed);
    CHECK(attempt.message == "no answer in time");
}
