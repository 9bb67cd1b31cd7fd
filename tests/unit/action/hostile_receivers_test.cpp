// Receivers that answer badly, one a row: what the callback makes of each, how long it waits, and that nothing which
// was meant for it reaches anybody else.
#include "action/http_callback.h"

#include "tests/support/certificates.h"
#include "tests/support/http_server.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <functional>

using namespace r8scan;
using namespace r8scan::action;
using namespace r8scan::test;
using namespace std::chrono_literals;

namespace {

using How = Attempt::Outcome;

Event event_with(std::uint64_t seed)
{
    Event event;
    event.event_id = event_id("hash", "hook", Stage::revoke);
    event.stage = Stage::revoke;
    event.rule = "replicate-api-token";
    event.token = Secret(token(seed));
    event.redacted = event.token.redacted();
    return event;
}

std::unique_ptr<HttpCallback> callback_to(const std::string& url, const NetworkOptions& network = {},
                                          bool allow_private = false)
{
    HttpCallbackOptions options;
    options.name = "hook";
    options.stage = Stage::revoke;
    options.url = url;
    options.needs_secret = true;
    options.allow_private = allow_private;
    options.timeout = 1s;  // also for who drips: it is for the whole exchange
    auto made = HttpCallback::make(std::move(options), network);
    REQUIRE_MESSAGE(made.ok(), (made ? "" : made.error().message()));
    return std::move(*made);
}

Attempt deliver(HttpCallback& callback)
{
    return callback.deliver(event_with(1), std::chrono::steady_clock::now() + 60s);
}

using Talk = std::function<void(int)>;

/// All of a request: who closes a connection with something unread in it resets it.
void take_request(int fd)
{
    const std::string head = RawServer::read_until(fd, "\r\n\r\n");
    const std::string name = "Content-Length: ";
    const std::size_t at = head.find(name);
    std::size_t left = at == std::string::npos ? 0 : std::stoul(head.substr(at + name.size()));
    char block[4096];
    for (ssize_t got = 1; left > 0 && got > 0; left -= static_cast<std::size_t>(std::max<ssize_t>(got, 0))) {
        got = ::recv(fd, block, std::min(left, sizeof block), 0);
    }
}

/// Says this, whatever it is asked.
Talk says(std::string answer)
{
    return [answer = std::move(answer)](int fd) {
        take_request(fd);
        RawServer::write_all(fd, answer);
    };
}

/// Says the first, and then the second again and again until nobody listens.
Talk goes_on(std::string first, std::string again, std::chrono::milliseconds pause = 0ms)
{
    return [=](int fd) {
        take_request(fd);
        bool heard = RawServer::write_all(fd, first);
        while (heard) {
            heard = RawServer::write_all(fd, again);
            std::this_thread::sleep_for(pause);
        }
    };
}

void resets(int fd)
{
    RawServer::read_until(fd, "\r\n");
    const linger hard{1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

/// Until the other side has gone.
void is_silent(int fd)
{
    RawServer::read_until(fd, "this is never said");
}

std::string answer(const std::string& status, const std::string& headers = "", const std::string& body = "")
{
    return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), headers, body);
}

std::string http_date(std::chrono::seconds from_now)
{
    const std::time_t then = std::time(nullptr) + from_now.count();
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(then));
}

struct Row {
    std::string name;
    Talk talk;
    How outcome;
    std::string message;  // a part of it
    std::optional<std::chrono::seconds> pause_at_least = std::nullopt;
    std::optional<std::chrono::seconds> pause_at_most = std::nullopt;
};

std::vector<Row> rows()
{
    const std::string ok = R"({"status":"revoked"})";
    const std::string block(1U << 20U, 'x');
    return {
        {"429, seconds", says(answer("429 Slow", "Retry-After: 7\r\n")), How::failed, "status 429", 7s, 7s},
        {"429, date", says(answer("429 Slow", "Retry-After: " + http_date(120s) + "\r\n")), How::failed,
         "status 429", 100s, 120s},
        {"429, date that has passed", says(answer("429 Slow", "Retry-After: " + http_date(-60s) + "\r\n")),
         How::failed, "status 429", 0s, 0s},
        {"429, rubbish", says(answer("429 Slow", "Retry-After: \x1b[31mlater\r\n")), How::failed, "status 429"},
        {"429, a thousand years", says(answer("429 Slow", "Retry-After: 31536000000\r\n")), How::failed,
         "status 429", 24h, 24h},
        {"429, nothing", says(answer("429 Slow")), How::failed, "status 429"},
        {"503, rate limit", says(answer("503 Busy", "ratelimit-reset: 9\r\n")), How::failed, "status 503", 9s, 9s},
        {"500", says(answer("500 Broken", "", "no")), How::failed, "status 500"},
        {"500 with a large page", says(answer("500 Broken", "", block)), How::failed, "status 500"},
        {"410", says(answer("410 Gone")), How::gone, "it is no more"},
        {"101", says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"), How::failed,
         ""},
        {"no status that there is", says(answer("999 What")), How::failed, "status 999"},
        {"reset", resets, How::failed, ""},
        {"closed without a word", take_request, How::failed, ""},
        {"closed within the body", says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"st"), How::failed, ""},
        {"closed within a header", says("HTTP/1.1 200 OK\r\nContent-Le"), How::failed, ""},
        {"no HTTP", says("SSH-2.0-OpenSSH_9.2\r\n"), How::failed, ""},
        {"bytes", says(std::string("\0\xff\x1b]0;\x07", 7)), How::failed, ""},
        {"silent", is_silent, How::failed, "no answer in time"},
        {"drips its headers", goes_on("HTTP/1.1 200 OK\r\nX-Long: ", "x", 20ms), How::failed, "no answer in time"},
        {"drips its body", goes_on("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "x", 20ms), How::failed,
         "no answer in time"},
        {"drips chunks", goes_on("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", 20ms),
         How::failed, "no answer in time"},
        {"headers without end", goes_on("HTTP/1.1 200 OK\r\n", "X-More: and more\r\n"), How::failed,
         "too many headers"},
        {"a header without end", goes_on("HTTP/1.1 200 OK\r\nX-Long: ", std::string(4096, 'x')), How::failed, ""},
        {"interim answers without end", goes_on("", "HTTP/1.1 102 Processing\r\n\r\n"), How::failed,
         "too many headers"},
        {"a gibibyte", goes_on("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", block), How::delivered, ""},
        {"chunks without end", goes_on("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nabcde\r\n"),
         How::delivered, ""},
        {"a length that is a lie", says("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n" + ok),
         How::delivered, ""},
        {"an answer that is packed", says(answer("200 OK", "Content-Encoding: gzip\r\n", "\x1f\x8b\x08rubbish")),
         How::delivered, ""},
        {"an interim answer first", says("HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\n" + answer("200 OK", "", ok)),
         How::delivered, ""},
    };
}

}  // namespace

TEST_CASE("hostile receivers: each bad answer is what it is, in time, and quotes no token")
{
    for (const Row& row : rows()) {
        CAPTURE(row.name);
        RawServer server(row.talk);
        const auto callback = callback_to(server.url("/hook"));
        const auto start = std::chrono::steady_clock::now();
        const Attempt attempt = deliver(*callback);
        const auto taken = std::chrono::steady_clock::now() - start;
        CHECK(attempt.outcome == row.outcome);
        CHECK(taken < 10s);
        if (row.outcome == How::delivered) {
            CHECK((attempt.verdict.status == Status::ok || attempt.verdict.status == Status::revoked));
        } else {
            CHECK_MESSAGE(attempt.message.find(row.message) != std::string::npos, attempt.message);
            CHECK_FALSE(attempt.message.empty());
        }
        CHECK(attempt.message.find(token(1)) == std::string::npos);
        CHECK(attempt.message.find('\x1b') == std::string::npos);
        CHECK(attempt.retry_after.has_value() == row.pause_at_least.has_value());
        if (attempt.retry_after && row.pause_at_least) {
            CHECK(*attempt.retry_after >= *row.pause_at_least);
            CHECK(*attempt.retry_after <= *row.pause_at_most);
        }
    }
}

TEST_CASE("hostile receivers: a redirect to another host takes nothing there")
{
    for (const char* const status : {"301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"}) {
        CAPTURE(status);
        HttpServer other([](const SeenRequest&) { return Answer{}; });
        RawServer server(says(answer(status, "Location: " + other.url("/stolen") + "\r\nRefresh: 0;url=" +
                                                 other.url("/refresh") + "\r\n")));
        const Attempt attempt = deliver(*callback_to(server.url("/hook")));
        CHECK(attempt.outcome == How::failed);
        CHECK(attempt.message.find("redirects are not followed") != std::string::npos);
        CHECK(other.requests().empty());
    }
}

TEST_CASE("hostile receivers: a certificate that does not hold gets no request at all")
{
    struct Wish {
        std::string name;
        CertificateWish certificate;
        bool holds;
    };
    for (const Wish& wish : {Wish{"good", {"keys.test", false, -1, 1}, true},
                             Wish{"self-signed", {"keys.test", true, -1, 1}, false},
                             Wish{"expired", {"keys.test", false, -3, -1}, false},
                             Wish{"not yet valid", {"keys.test", false, 1, 3}, false},
                             Wish{"of another host", {"other.test", false, -1, 1}, false},
                             Wish{"of the host above", {"test", false, -1, 1}, false}}) {
        CAPTURE(wish.name);
        const TempDir folder;
        CertificateAuthority authority(folder.path());
        const CertificateFiles files = authority.issue(wish.certificate);
        HttpServer server([](const SeenRequest&) { return Answer{}; }, files.certificate, files.key);
        NetworkOptions network;
        network.ca_file = authority.file();
        network.resolve = {"keys.test:" + std::to_string(server.port()) + ":127.0.0.1"};
        const std::string url = "https://keys.test:" + std::to_string(server.port()) + "/hook";
        const Attempt attempt = deliver(*callback_to(url, network, true));
        CHECK(attempt.outcome == (wish.holds ? How::delivered : How::refused));
        CHECK(server.requests().size() == (wish.holds ? 1U : 0U));
        if (!wish.holds) {
            CHECK(attempt.message.find("the certificate of \"keys.test\" does not hold") != std::string::npos);
        }
    }
}

TEST_CASE("hostile receivers: who speaks no TLS, or never ends the greeting, is no receiver")
{
    std::atomic<bool> saw_token{false};
    const auto listen = [&](int fd) {
        std::string all;
        char c = 0;
        while (all.size() < 100'000 && ::recv(fd, &c, 1, 0) == 1) {
            all += c;
            saw_token = saw_token || all.ends_with(token(1));
        }
    };
    RawServer silent(listen);
    RawServer plain([&](int fd) {
        RawServer::write_all(fd, answer("200 OK"));
        listen(fd);
    });
    for (const RawServer* const server : {&silent, &plain}) {
        NetworkOptions network;
        network.resolve = {"keys.test:" + std::to_string(server->port()) + ":127.0.0.1"};
        const auto start = std::chrono::steady_clock::now();
        const Attempt attempt =
            deliver(*callback_to("https://keys.test:" + std::to_string(server->port()) + "/", network, true));
        CHECK(attempt.outcome == (server == &silent ? How::failed : How::refused));
        CHECK(attempt.message.find(server == &silent ? "no answer in time" : "no secure connection to \"keys.test\"") !=
              std::string::npos);
        CHECK(std::chrono::steady_clock::now() - start < 10s);
    }
    CHECK_FALSE(saw_token);
}
