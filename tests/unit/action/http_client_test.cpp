// Requests to servers in this process: what is sent, what is taken, and what is refused.
#include "action/http_client.h"

#include "tests/support/certificates.h"
#include "tests/support/http_server.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <sys/socket.h>

#include <set>

using namespace r8scan;
using namespace r8scan::action;
using namespace r8scan::test;
using namespace std::chrono_literals;

namespace {

HttpClient client_for(const std::string& url, const NetworkOptions& options = {}, bool allow_private = false)
{
    Result<HttpClient> client = HttpClient::to(url, allow_private, options);
    REQUIRE_MESSAGE(client.ok(), (client ? "" : client.error().message()));
    return std::move(*client);
}

Result<HttpResponse> get(const HttpClient& client, std::chrono::milliseconds patience = 30s)
{
    return client.send({}, std::chrono::steady_clock::now() + patience);
}

std::string refusal(const std::string& url, const NetworkOptions& options = {}, bool allow_private = false)
{
    const Result<HttpClient> client = HttpClient::to(url, allow_private, options);
    return client ? "" : client.error().message();
}

/// A certificate's server that answers with "hello", asked by the name "server.test" and trusting the authority.
struct TlsCase {
    TempDir folder;
    CertificateAuthority authority{folder.path()};
    CertificateFiles files;
    HttpServer server;
    NetworkOptions options;

    explicit TlsCase(const CertificateWish& wish)
        : files(authority.issue(wish)),
          server(
              [](const SeenRequest&) {
                  return Answer{200, "hello", "text/plain", {}, 0ms};
              },
              files.certificate, files.key)
    {
        options.ca_file = authority.file();
        options.resolve = {"server.test:" + std::to_string(server.port()) + ":127.0.0.1"};
    }
    Result<HttpResponse> ask()
    {
        return get(client_for("https://server.test:" + std::to_string(server.port()) + "/", options, true));
    }
};

}  // namespace

TEST_CASE("http client: method, headers, body and user agent arrive, and the answer comes back")
{
    HttpServer server([](const SeenRequest&) {
        return Answer{201, "{\"a\":1}", "application/JSON; charset=utf-8", {{"X-One", " two "}}, 0ms};
    });
    const HttpClient client = client_for(server.url("/path?x=1"));
    HttpRequest request;
    request.headers.emplace_back("Authorization: Bearer abc");
    request.headers.emplace_back("Content-Type: application/json");
    request.body = Secret("{\"b\":2}");
    const Result<HttpResponse> response = client.send(request, std::chrono::steady_clock::now() + 30s);
    REQUIRE(response);
    CHECK(response->status == 201);
    CHECK(response->body == "{\"a\":1}");
    CHECK(response->media_type() == "application/json");
    CHECK(response->header("x-one") == "two");
    CHECK_FALSE(response->cut);

    REQUIRE(server.requests().size() == 1);
    const SeenRequest seen = server.requests().front();
    CHECK(seen.method == "POST");
    CHECK(seen.path == "/path?x=1");
    CHECK(seen.body == "{\"b\":2}");
    CHECK(seen.header("authorization") == "Bearer abc");
    CHECK(seen.header("content-type") == "application/json");
    CHECK(seen.header("expect").empty());
    CHECK(seen.header("user-agent").starts_with("r8scan/"));
    CHECK(seen.header("user-agent").find(" (+https://") != std::string::npos);
}

TEST_CASE("http client: a connection is used again, and nothing of one request is in the next")
{
    HttpServer server([](const SeenRequest&) { return Answer{}; });
    const HttpClient client = client_for(server.url("/"));
    HttpRequest first;
    first.headers.emplace_back("Authorization: Bearer abc");
    first.body = Secret("secret");
    REQUIRE(client.send(first, std::chrono::steady_clock::now() + 30s));
    for (int i = 0; i < 20; ++i) {
        REQUIRE(get(client));
    }
    std::set<int> ports;
    for (const SeenRequest& seen : server.requests()) {
        ports.insert(seen.remote_port);
    }
    CHECK(ports.size() == 1);
    CHECK(server.requests().back().method == "GET");
    CHECK(server.requests().back().header("authorization").empty());
    CHECK(server.requests().back().body.empty());
}

TEST_CASE("http client: a redirect is an answer, and the host that it names is never asked")
{
    HttpServer other([](const SeenRequest&) { return Answer{}; });
    HttpServer server([&](const SeenRequest&) {
        return Answer{307, "", "text/plain", {{"Location", other.url("/stolen")}}, 0ms};
    });
    HttpRequest request;
    request.headers.emplace_back("Authorization: Bearer abc");
    request.body = Secret("secret");
    const Result<HttpResponse> response =
        client_for(server.url("/")).send(request, std::chrono::steady_clock::now() + 30s);
    REQUIRE(response);
    CHECK(response->status == 307);
    CHECK(other.requests().empty());
}

TEST_CASE("http client: of a body without end 64 KiB are read")
{
    std::atomic<bool> broken{false};
    RawServer server([&](int fd) {
        RawServer::read_until(fd, "\r\n\r\n");
        RawServer::write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
        const std::string block(1U << 20U, 'x');
        for (int i = 0; i < 1024 && !broken; ++i) {
            broken = !RawServer::write_all(fd, block);
        }
    });
    const Result<HttpResponse> response = get(client_for(server.url("/")));
    REQUIRE(response);
    CHECK(response->status == 200);
    CHECK(response->body.size() == 65536);
    CHECK(response->cut);
}

TEST_CASE("http client: a server that drips is given up at the deadline, and a caller who stops is heard")
{
    RawServer server([](int fd) {
        RawServer::read_until(fd, "\r\n\r\n");
        RawServer::write_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while (RawServer::write_all(fd, "x")) {
            std::this_thread::sleep_for(20ms);
        }
    });
    const Result<HttpResponse> late = get(client_for(server.url("/")), 300ms);
    REQUIRE_FALSE(late);
    CHECK(late.error().code() == ErrorCode::io);
    CHECK(late.error().message() == "no answer in time");

    std::atomic<bool> stop{true};
    NetworkOptions options;
    options.stop = &stop;
    const Result<HttpResponse> stopped = get(client_for(server.url("/"), options));
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().code() == ErrorCode::interrupted);
}

TEST_CASE("http client: a connection that is reset or closed is an error, and so is a port where nobody listens")
{
    RawServer reset([](int fd) {
        RawServer::read_until(fd, "\r\n");
        const linger hard{1, 0};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    });
    const Result<HttpResponse> cut = get(client_for(reset.url("/")));
    REQUIRE_FALSE(cut);
    CHECK(cut.error().code() == ErrorCode::io);

    int closed_port = 0;
    {
        RawServer gone([](int) {});
        closed_port = gone.port();
    }
    const Result<HttpResponse> nobody = get(client_for("http://127.0.0.1:" + std::to_string(closed_port)));
    REQUIRE_FALSE(nobody);
    CHECK(nobody.error().code() == ErrorCode::io);
}

TEST_CASE("http client: a name that leads to this machine or a private network is refused before anything is sent")
{
    HttpServer server([](const SeenRequest&) { return Answer{}; });
    const std::string port = std::to_string(server.port());
    NetworkOptions options;
    options.allow_plain_http = true;
    for (const char* const address :
         {"127.0.0.1", "[::1]", "10.1.2.3", "[::ffff:127.0.0.1]", "169.254.169.254", "[fc00::1]"}) {
        CAPTURE(address);
        options.resolve = {"keys.test:" + port + ":" + address};
        const Result<HttpResponse> response = get(client_for("http://keys.test:" + port + "/", options));
        REQUIRE_FALSE(response);
        CHECK(response.error().code() == ErrorCode::permission);
        CHECK(response.error().message().find("no public address") != std::string::npos);
    }
    CHECK(server.requests().empty());

    options.resolve = {"keys.test:" + port + ":127.0.0.1"};
    CHECK(get(client_for("http://keys.test:" + port + "/", options, true)));
    CHECK(server.requests().size() == 1);
}

TEST_CASE("http client: an address literal or localhost is its own permission")
{
    HttpServer server([](const SeenRequest&) { return Answer{}; });
    CHECK(get(client_for(server.url("/"))));
    CHECK(get(client_for("http://localhost:" + std::to_string(server.port()) + "/")));
    CHECK(get(client_for("http://LOCALHOST:" + std::to_string(server.port()) + "/")));
}

TEST_CASE("http client: without encryption nothing goes to another machine unless that is allowed")
{
    CHECK(refusal("http://example.com/").find("sends without encryption") != std::string::npos);
    CHECK(refusal("http://10.0.0.1/").find("--allow-plain-http") != std::string::npos);
    CHECK(refusal("http://localhost.example.com/").find("sends without encryption") != std::string::npos);
    CHECK(refusal("http://127.0.0.1:8080/").empty());
    CHECK(refusal("http://[::1]:8080/").empty());
    CHECK(refusal("https://example.com/").empty());
    NetworkOptions options;
    options.allow_plain_http = true;
    CHECK(refusal("http://example.com/", options).empty());
}

TEST_CASE("http client: what is no address for it is refused with a reason, and no password is repeated")
{
    for (const char* const url : {"", "example.com:x", "ftp://example.com/", "file:///etc/passwd", "https://",
                                  "smtp://example.com", "gopher://127.0.0.1:70/"}) {
        CHECK_MESSAGE(!refusal(url).empty(), url);
    }
    const std::string user = refusal("https://me:hunter2@example.com/");
    CHECK(user.find("user or password") != std::string::npos);
    CHECK(user.find("hunter2") == std::string::npos);
    CHECK(refusal("ftp://example.com/?k=" + token(1)).find(token(1)) == std::string::npos);
}

TEST_CASE("http client: a certificate that holds is taken")
{
    TlsCase good({"server.test", false, -1, 1});
    const Result<HttpResponse> response = good.ask();
    REQUIRE_MESSAGE(response.ok(), (response ? "" : response.error().message()));
    CHECK(response->body == "hello");
}

TEST_CASE(
    "http client: a certificate that is self-signed, expired, of another host or of an unknown authority is refused")
{
    for (const CertificateWish& wish :
         {CertificateWish{"server.test", true, -1, 1}, CertificateWish{"server.test", false, -3, -1},
          CertificateWish{"other.test", false, -1, 1}}) {
        CAPTURE(wish.host);
        CAPTURE(wish.valid_to_days);
        TlsCase bad(wish);
        const Result<HttpResponse> response = bad.ask();
        REQUIRE_FALSE(response);
        CHECK(response.error().code() == ErrorCode::permission);
        CHECK(response.error().message().find("certificate of \"server.test\" does not hold") != std::string::npos);
        CHECK(bad.server.requests().empty());
    }
    TlsCase stranger({"server.test", false, -1, 1});
    const TempDir elsewhere;
    stranger.options.ca_file = CertificateAuthority(elsewhere.path()).file();
    stranger.options.ca_dir.clear();
    const Result<HttpResponse> response = stranger.ask();
    REQUIRE_FALSE(response);
    CHECK(response.error().code() == ErrorCode::permission);
    CHECK(stranger.server.requests().empty());
}

TEST_CASE("http client: what the environment names as proxy is used, whatever its address")
{
    HttpServer proxy([](const SeenRequest&) { return Answer{200, "by proxy", "text/plain", {}, 0ms}; });
    NetworkOptions options;
    options.allow_plain_http = true;
    options.proxy.http = proxy.url();
    const Result<HttpResponse> response = get(client_for("http://far.test/x", options));
    REQUIRE(response);
    CHECK(response->body == "by proxy");
    REQUIRE(proxy.requests().size() == 1);
    CHECK(proxy.requests().front().path == "http://far.test/x");
}
