// --verify beside a scan: the program asks the API while it still reads, and only for what it may ask.
#include "tests/support/http_server.h"
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

using namespace r8scan;
using namespace std::chrono_literals;
using nlohmann::json;
using test::Answer;
using test::HttpServer;
using test::Ran;
using test::SeenRequest;
using test::TempDir;
using test::token;

namespace {

Answer active(std::chrono::milliseconds delay = 0ms)
{
    return {200, R"({"type":"user","username":"ada"})", "application/json", {}, delay};
}

Ran run(const TempDir& dir, const std::string& words, const std::string& configuration = "none")
{
    return test::run_shell(dir.path(),
                           "env -u http_proxy -u https_proxy -u HTTPS_PROXY -u all_proxy -u ALL_PROXY XDG_CONFIG_HOME='" +
                               (dir / configuration).string() + "' XDG_STATE_HOME='" + (dir / "state").string() +
                               "' XDG_DATA_HOME='" + (dir / "data").string() + "' " + words);
}

std::set<std::string> tokens_asked(const HttpServer& server)
{
    std::set<std::string> tokens;
    for (const SeenRequest& seen : server.requests()) {
        tokens.insert(seen.header("authorization"));
    }
    return tokens;
}

std::string api(const HttpServer& server)
{
    return " --api-base " + server.url("/v1");
}

std::string lines_with_tokens(std::uint64_t count)
{
    std::string text;
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        text += "REPLICATE_API_TOKEN=" + token(seed) + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("verify beside a scan: the first question comes while the stream still flows, and is asked once")
{
    const TempDir dir;
    REQUIRE(mkfifo((dir / "pipe").c_str(), 0600) == 0);
    const HttpServer server([](const SeenRequest&) { return active(); });
    Ran ran;
    std::thread program([&] {
        ran = run(dir, "\"$R8SCAN\" stdin --verify --max-object-size 1M -f jsonl" + api(server) + " <pipe");
    });
    const int pipe = ::open((dir / "pipe").c_str(), O_WRONLY | O_CLOEXEC);
    const std::string first = "key = " + token(1) + "\n";
    const std::string block((1U << 20U) - first.size(), '\n');
    for (int i = 0; i < 20; ++i) {
        const std::string piece = first + block;  // the same token again and again
        for (std::size_t done = 0; done < piece.size();) {
            const ssize_t wrote = ::write(pipe, piece.data() + done, piece.size() - done);
            REQUIRE(wrote > 0);
            done += static_cast<std::size_t>(wrote);
        }
    }
    for (int i = 0; i < 6000 && server.requests().empty(); ++i) {
        std::this_thread::sleep_for(10ms);
    }
    CHECK(server.requests().size() == 1);  // the stream is open: the scan cannot be over
    ::close(pipe);
    program.join();
    CHECK(ran.exit_code == 1);
    const json finding = json::parse(ran.out.substr(0, ran.out.find('\n')));
    CHECK(finding["verification"]["status"] == "active");
    CHECK(finding["occurrences"] == 20);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("verify beside a scan: a thousand tokens at 20 ms are asked for side by side, each once")
{
    const TempDir dir;
    const HttpServer server([](const SeenRequest&) { return active(20ms); });
    test::write_file(dir / "text", lines_with_tokens(1000));
    test::RepoBuilder repo(dir / "repo");
    repo.ref("refs/heads/main", repo.commit_files({{"a.env", lines_with_tokens(500)}}, {}, "keys"));
    const auto start = std::chrono::steady_clock::now();
    CHECK(run(dir, "\"$R8SCAN\" stdin --verify -q" + api(server) + " <text").exit_code == 1);
    const auto taken = std::chrono::steady_clock::now() - start;
    CHECK(tokens_asked(server).size() == 1000);
    CHECK(server.requests().size() == 1000);
    CHECK(taken < 20s);  // one after the other it would take at least as long, on any machine
    MESSAGE("1,000 tokens by the program: ", std::chrono::duration_cast<std::chrono::milliseconds>(taken).count(),
            " ms");
    CHECK(run(dir, "\"$R8SCAN\" git repo --verify -q" + api(server)).exit_code == 1);
    CHECK(server.requests().size() == 1500);
}

TEST_CASE("verify beside a scan: what is suppressed may be asked for, and is never revoked nor told")
{
    const TempDir dir;
    const HttpServer server([](const SeenRequest&) { return active(); });
    const HttpServer broker([](const SeenRequest&) { return Answer{204, "", "text/plain", {}, 0ms}; });
    test::write_file(dir / "files/a", "key = " + token(1) + "  # r8scan:allow\nkey = " + token(2) + "\n");
    const Ran ran = run(dir, "\"$R8SCAN\" dir files --verify --revoke --yes -f jsonl --on-finding revoke=" +
                                 broker.url("/revoke") + " --on-finding " + broker.url("/tell") + api(server));
    CHECK(ran.exit_code == 1);
    REQUIRE(broker.requests().size() == 2);
    for (const SeenRequest& seen : broker.requests()) {
        CHECK(seen.body.find(token(1)) == std::string::npos);
        CHECK(json::parse(seen.body)["redacted"] == test::redacted(token(2)));
    }
    CHECK(ran.out.find("\"suppressed\":1") != std::string::npos);
}

TEST_CASE("verify beside a scan: nobody waits for what is asked of a token that is suppressed")
{
    const TempDir dir;
    std::atomic<int> asked{0};
    const test::RawServer silent([&](int fd) {
        test::RawServer::read_until(fd, "\r\n\r\n");
        ++asked;
        test::RawServer::read_until(fd, "nothing more comes");
    });
    test::write_file(dir / "files/a", "key = " + token(1) + "  # r8scan:allow\n");
    test::write_file(dir / "files/large", std::string(40U << 20U, '\n'));  // so that there is time to ask
    const auto start = std::chrono::steady_clock::now();
    CHECK(run(dir, "\"$R8SCAN\" dir files --verify -q --deliver-timeout 600 --api-base " + silent.url("/v1")).exit_code == 0);
    CHECK(std::chrono::steady_clock::now() - start < 60s);
    CHECK(asked <= 1);
}

TEST_CASE("verify beside a scan: a callback of that stage is told the id under which it is asked again")
{
    const TempDir dir;
    std::atomic<int> asked{0};
    const HttpServer verifier([&](const SeenRequest&) {
        return ++asked == 1 ? Answer{503, "", "text/plain", {{"Retry-After", "0"}}, 0ms}
                            : Answer{200, R"({"status":"active"})", "application/json", {}, 0ms};
    });
    test::write_file(dir / "text", lines_with_tokens(1));
    CHECK(run(dir, "\"$R8SCAN\" stdin -q --on-finding verify=" + verifier.url("/v") + " <text").exit_code == 1);
    const auto requests = verifier.requests();
    REQUIRE(requests.size() == 2);
    const json event = json::parse(requests[0].body);
    CHECK(event["stage"] == "verify");
    CHECK(event["event_id"].get<std::string>().starts_with("evt_"));
    CHECK(event["event_id"] == requests[0].header("webhook-id"));
    CHECK(requests[0].header("webhook-id") == requests[1].header("webhook-id"));
}

TEST_CASE("verify by the user's file: verify.enabled asks in every scan, and one run can be told not to")
{
    const TempDir dir;
    const HttpServer server([](const SeenRequest&) { return active(); });
    test::write_file(dir / "text", lines_with_tokens(1));
    test::write_file(dir / "on/r8scan/config.toml",
                     "api-base = \"" + server.url("/v1") + "\"\n[verify]\nenabled = true\n");
    test::write_file(dir / "off/r8scan/config.toml",
                     "api-base = \"" + server.url("/v1") + "\"\n[verify]\nenabled = false\n");
    test::write_file(dir / "short/r8scan/config.toml", "api-base = \"" + server.url("/v1") + "\"\nverify = true\n");

    std::size_t asked = 0;
    for (const std::string scan : {"stdin <text", "dir text", "message text"}) {
        CAPTURE(scan);
        const Ran ran = run(dir, "\"$R8SCAN\" " + scan + " -f jsonl", "on");
        CHECK(ran.exit_code == 1);
        CHECK(json::parse(ran.out.substr(0, ran.out.find('\n')))["verification"]["status"] == "active");
        CHECK(server.requests().size() == ++asked);
    }
    CHECK(run(dir, "\"$R8SCAN\" stdin -q <text", "short").exit_code == 1);
    CHECK(server.requests().size() == ++asked);
    CHECK(run(dir, "\"$R8SCAN\" stdin -q --fail-on active <text", "on").exit_code == 1);
    CHECK(server.requests().size() == ++asked);

    CHECK(run(dir, "\"$R8SCAN\" stdin -q <text", "off").exit_code == 1);
    CHECK(run(dir, "R8SCAN_VERIFY=0 \"$R8SCAN\" stdin -q <text", "on").exit_code == 1);
    CHECK(server.requests().size() == asked);
    CHECK(run(dir, "\"$R8SCAN\" config show", "on").out.find("verify = ") != std::string::npos);
}
