// verify, revoke, callback, and scans with --verify and --on-finding, against servers in this process. No token may be
// in what the program prints, in its words or in its environment.
#include "tests/support/http_server.h"
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <set>

using namespace r8scan;
using namespace std::chrono_literals;
using nlohmann::json;
using test::Answer;
using test::Ran;
using test::SeenRequest;
using test::token;

namespace {

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

/// A world with an API that knows some tokens, and a broker that takes them away.
class World {
public:
    World()
        : api([this](const SeenRequest& seen) { return account(seen); }),
          broker([this](const SeenRequest& seen) { return take(seen); })
    {
        test::write_file(folder / "files/a.env", "A=" + token(1) + "\nB=" + token(2) + "\n");
        test::write_file(folder / "files/b.env", "A=" + token(1) + "\n");
        live = {token(1)};
    }

    /// Runs the program; no proxy and no configuration of the machine it runs on.
    [[nodiscard]] Ran run(const std::string& arguments, const std::string& before = {}) const
    {
        const std::string line = before +
                                 " env -u http_proxy -u https_proxy -u HTTPS_PROXY -u all_proxy -u ALL_PROXY "
                                 "XDG_CONFIG_HOME=\"$PWD/config\" XDG_STATE_HOME=\"$PWD/state\" "
                                 "XDG_DATA_HOME=\"$PWD/data\" R8SCAN_API_BASE='" +
                                 api.url("/v1") + "' \"$R8SCAN\" " + arguments;
        CHECK_FALSE(contains(line, token(1)));
        const Ran ran = test::run_shell(folder.path(), line);
        for (std::uint64_t seed = 1; seed < 5; ++seed) {
            CHECK_FALSE(contains(ran.out + ran.err, token(seed)));
        }
        return ran;
    }

    test::TempDir folder;
    std::mutex mutex;
    std::set<std::string> live;
    int broker_status = 200;
    test::HttpServer api;
    test::HttpServer broker;

private:
    Answer account(const SeenRequest& seen)
    {
        const std::lock_guard lock(mutex);
        const std::string given = seen.header("authorization");
        for (const std::string& one : live) {
            if (given == "Bearer " + one) {
                return {200, R"({"type":"organization","username":"acme"})", "application/json", {}, 0ms};
            }
        }
        return {401, R"({"title":"Unauthenticated","status":401})", "application/problem+json", {}, 0ms};
    }

    Answer take(const SeenRequest& seen)
    {
        const std::lock_guard lock(mutex);
        const json event = json::parse(seen.body);
        if (broker_status != 200) {
            return {broker_status, "no", "text/plain", {}, 0ms};
        }
        if (event.contains("token") && event["stage"] == "revoke") {
            const bool was_live = live.erase(event["token"].get<std::string>()) != 0;
            return {
                200, json{{"status", was_live ? "revoked" : "already_revoked"}}.dump(), "application/json", {}, 0ms};
        }
        return {204, "", "text/plain", {}, 0ms};
    }
};

std::vector<json> findings_of(const std::string& jsonl)
{
    std::vector<json> findings;
    for (std::size_t begin = 0; begin < jsonl.size();) {
        const std::size_t end = jsonl.find('\n', begin);
        json record = json::parse(jsonl.substr(begin, end - begin));
        if (record["type"] == "finding") {
            findings.push_back(std::move(record));
        }
        begin = end + 1;
    }
    return findings;
}

}  // namespace

TEST_CASE("verify says of each token what the API says, in every format, and the exit code says the worst")
{
    World world;
    test::write_file(world.folder / "tokens", token(1) + "\n\n  " + token(2) + "\t\r\n" + token(1) + "\n");
    const Ran text = world.run("verify --token-file tokens");
    CHECK(text.exit_code == 1);
    CHECK(text.out == test::redacted(token(1)) + "  active: it belongs to the organization acme\n" +
                          test::redacted(token(2)) + "  inactive: the API does not know the token\n");
    const Ran lines = world.run("verify -f jsonl < tokens");
    const json record = json::parse(lines.out.substr(0, lines.out.find('\n')));
    CHECK(record["type"] == "token");
    CHECK(record["redacted"] == test::redacted(token(1)));
    CHECK(record["verification"]["status"] == "active");
    CHECK(record["verification"]["owner"] == "acme");
    CHECK(json::parse(world.run("verify -f json < tokens").out)["tokens"].size() == 2);

    world.live.clear();
    CHECK(world.run("verify < tokens").exit_code == 0);
    const Ran nobody = world.run("verify --deliver-timeout 1 --api-base http://127.0.0.1:1 < tokens");
    CHECK(nobody.exit_code == 3);
    CHECK(contains(nobody.out, "unknown: "));
}

TEST_CASE("verify asks the user's own callbacks of the stage verify first, and the API of what they do not know")
{
    World world;
    test::write_file(world.folder / "tokens", token(1) + "\n" + token(2) + "\n");
    test::write_file(world.folder / "handle", "#!/bin/sh\nwhile read -r line; do\n    case $line in\n        *" + token(2) +
                                                  "*) echo '{\"status\":\"active\"}' ;;\n"
                                                  "        *) echo '{\"status\":\"unknown\"}' ;;\n    esac\ndone\n");
    std::filesystem::permissions(world.folder / "handle", std::filesystem::perms::owner_all);
    test::write_file(world.folder / "config.toml", "[[callback]]\nname = \"broker\"\nstage = \"verify\"\nkind = \"exec\"\n"
                                                   "command = [\"" + (world.folder / "handle").string() +
                                                       "\"]\nneeds_secret = true\n");
    const Ran ran = world.run("verify --config config.toml < tokens");
    CHECK(ran.exit_code == 1);
    CHECK_MESSAGE(contains(ran.out, test::redacted(token(1)) + "  active: it belongs to the organization acme\n"), ran.out, ran.err);
    CHECK_MESSAGE(contains(ran.out, test::redacted(token(2)) + "  active"), ran.out);
    CHECK(world.api.requests().size() == 1);
}

TEST_CASE("verify refuses tokens on the command line, and input without any")
{
    World world;
    CHECK(world.run("verify r8_word").exit_code == 2);
    CHECK(world.run("verify").exit_code == 2);
    CHECK(world.run("verify --token-file nothing-here").exit_code == 2);
    CHECK(world.run("verify --api-base http://example.com < files/a.env").exit_code == 2);
    CHECK(world.api.requests().empty());
}

TEST_CASE("a scan with --verify writes the verdict into every finding, and asks once for each token")
{
    World world;
    const Ran ran = world.run("dir files --verify -v -f jsonl");
    CHECK(ran.exit_code == 1);
    const auto findings = findings_of(ran.out);
    REQUIRE(findings.size() == 3);
    for (const json& finding : findings) {
        const bool first = finding["redacted"] == test::redacted(token(1));
        CHECK(finding["verification"]["status"] == (first ? "active" : "inactive"));
        CHECK_FALSE(finding["verification"]["at"].get<std::string>().empty());
        CHECK_FALSE(finding.contains("revocation"));
    }
    CHECK(world.api.requests().size() == 2);
    CHECK(contains(world.run("dir files --verify --color never").out, "active: it belongs to the organization acme"));

    CHECK(world.run("dir files --verify --fail-on active -q").exit_code == 1);
    world.live.clear();
    CHECK(world.run("dir files --verify --fail-on active -q").exit_code == 0);
    CHECK(world.run("dir files --fail-on active -q").exit_code == 2);
}

TEST_CASE("a scan without --verify and callbacks asks nobody")
{
    World world;
    CHECK(world.run("dir files").exit_code == 1);
    CHECK(world.api.requests().empty());
}

TEST_CASE("a scan revokes only when it is told to, and then verifies again")
{
    World world;
    const std::string hook = " --on-finding revoke=" + world.broker.url("/disable");
    const Ran rehearsal = world.run("dir files --verify -f jsonl" + hook);
    CHECK(rehearsal.exit_code == 1);
    CHECK(world.broker.requests().empty());
    CHECK(contains(rehearsal.err, "1 event would be sent: --revoke sends it"));
    CHECK(findings_of(rehearsal.out)[0]["revocation"]["status"] == "skipped");

    const Ran unasked = world.run("dir files --verify --revoke" + hook);
    CHECK(unasked.exit_code == 2);
    CHECK(contains(unasked.err, "--yes"));
    CHECK(world.broker.requests().empty());

    const Ran ran = world.run("dir files --verify --revoke --yes -f jsonl" + hook);
    CHECK(ran.exit_code == 1);
    REQUIRE(world.broker.requests().size() == 1);  // the other token is inactive already
    CHECK(world.live.empty());
    for (const json& finding : findings_of(ran.out)) {
        CHECK(finding["verification"]["status"] == "inactive");
        if (finding["redacted"] == test::redacted(token(1))) {
            CHECK(finding["revocation"]["status"] == "revoked");
        }
    }
    const json event = json::parse(world.broker.requests()[0].body);
    CHECK(event["token"] == token(1));
    CHECK(event["verification"]["status"] == "active");
    CHECK(event["exposure"]["places"].size() == 2);
}

TEST_CASE("a hook never revokes")
{
    World world;
    const std::string hook = " --on-finding revoke=" + world.broker.url("/disable");
    CHECK(world.run("message --revoke --yes files/a.env" + hook).exit_code == 2);
    const Ran ran = world.run("message files/a.env" + hook);
    CHECK(ran.exit_code == 1);
    CHECK(contains(ran.out, "a hook never revokes"));
    CHECK(world.broker.requests().empty());
}

TEST_CASE("a notice goes to a callback without the token, and in a dry run to nobody")
{
    World world;
    CHECK(world.run("dir files --dry-run --on-finding " + world.broker.url("/tell")).exit_code == 1);
    CHECK(world.broker.requests().empty());
    CHECK(world.run("dir files --on-finding " + world.broker.url("/tell")).exit_code == 1);
    REQUIRE(world.broker.requests().size() == 2);
    for (const SeenRequest& seen : world.broker.requests()) {
        CHECK_FALSE(contains(seen.body, token(1)));
        CHECK_FALSE(contains(seen.body, token(2)));
        CHECK(contains(json::parse(seen.body)["notice"].get<std::string>(), "What happened"));
    }
}

TEST_CASE("a delivery that fails makes exit code 4 and is told without the token")
{
    World world;
    world.broker_status = 500;
    const Ran ran = world.run("dir files --deliver-timeout 1 -v --on-finding " + world.broker.url("/tell"));
    CHECK(ran.exit_code == 4);
    CHECK(contains(ran.out + ran.err, "status 500"));
}

TEST_CASE("revoke is an order in itself, asks on a terminal, and needs --yes elsewhere")
{
    World world;
    test::write_file(world.folder / "tokens", token(1) + "\n" + token(2) + "\n");
    const std::string hook = " --on-finding " + world.broker.url("/disable") + " < tokens";
    CHECK(world.run("revoke" + hook).exit_code == 2);
    CHECK(world.broker.requests().empty());
    CHECK(world.run("revoke --yes < tokens").exit_code == 2);
    CHECK(world.run("revoke --dry-run" + hook).exit_code == 0);
    CHECK(world.broker.requests().empty());
    const Ran ran = world.run("revoke --yes" + hook);
    CHECK(ran.exit_code == 0);
    CHECK(ran.out == test::redacted(token(1)) + "  revoked\n" + test::redacted(token(2)) + "  already_revoked\n");
    CHECK(world.broker.requests().size() == 2);
    CHECK(world.run("revoke --yes" + hook).out == ran.out);  // what is acknowledged is never sent again
    CHECK(world.broker.requests().size() == 2);
    world.broker_status = 503;
    test::write_file(world.folder / "tokens", token(3) + "\n");
    CHECK(world.run("revoke --yes --deliver-timeout 1" + hook).exit_code == 4);
}

TEST_CASE("a program of the user's is told of each token, by its standard input alone")
{
    World world;
    test::write_file(
        world.folder / "handle",
        "#!/bin/sh\nwhile read -r line; do printf '%s\\n' \"$line\" >>\"$0.log\"; env >>\"$0.env\"; echo \"$*\" "
        ">>\"$0.env\"; echo '{\"status\":\"ok\"}'; done\n");
    std::filesystem::permissions(world.folder / "handle", std::filesystem::perms::owner_all);
    CHECK(world.run("dir files --on-finding exec:./handle").exit_code == 1);
    const std::string seen = test::read_file(world.folder / "handle.log");
    CHECK(std::count(seen.begin(), seen.end(), '\n') == 2);
    CHECK_FALSE(contains(seen, token(1)));
    CHECK(world.run("dir files --revoke --yes --on-finding revoke=exec:./handle").exit_code == 1);
    CHECK(contains(test::read_file(world.folder / "handle.log"), "\"token\":\"" + token(1)));
    CHECK_FALSE(contains(test::read_file(world.folder / "handle.env"), token(1)));
}

TEST_CASE("callback list names what would be told, and callback test sends a made-up token")
{
    World world;
    const Ran list = world.run("callback list --on-finding revoke=" + world.broker.url("/disable?key=hidden"));
    CHECK(list.exit_code == 0);
    CHECK(contains(list.out, "revoke by http to " + world.broker.url("/disable") + "; gets the token"));
    const Ran ran = world.run("callback test revoke=" + world.broker.url("/disable"));
    CHECK(ran.exit_code == 0);
    CHECK(contains(ran.out, "already_revoked"));
    REQUIRE(world.broker.requests().size() == 1);
    const json event = json::parse(world.broker.requests()[0].body);
    CHECK(event["token"].get<std::string>().size() == 40);
    CHECK(event["run_id"] == "test");
    CHECK_FALSE(contains(ran.out + ran.err, event["token"].get<std::string>()));
    world.broker_status = 500;
    CHECK(world.run("callback test " + world.broker.url("/tell")).exit_code == 4);
    CHECK(world.run("callback test nobody").exit_code == 2);
    CHECK(world.run("callback").exit_code == 2);
}
