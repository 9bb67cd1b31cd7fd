#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace fs = std::filesystem;

using namespace r8scan;
using test::Ran;
using test::run_shell;
using test::TempDir;

namespace {

/// A repository with tokens, a handler, and folders of a user.
struct World {
    World()
    {
        test::RepoBuilder repo(dir / "repo");
        test::Files files;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            files.emplace("file" + std::to_string(seed), "REPLICATE_API_TOKEN=" + test::token(seed) + "\n");
        }
        repo.ref("refs/heads/main", repo.commit_files(files, {}, "keys"));
        handler("exit 1");
    }

    void handler(const std::string& script) const
    {
        test::write_file(dir / "handler", "#!/bin/sh\n" + script + '\n');
        fs::permissions(dir / "handler", fs::perms::owner_all);
    }

    /// r8scan with a home of its own; it is not given long to deliver.
    Ran r8scan(const std::string& words) const
    {
        return run_shell(dir.path(), "unset R8SCAN_OUTBOX XDG_STATE_HOME XDG_DATA_HOME XDG_CONFIG_HOME; HOME='" +
                                         (dir / "home").native() + "' \"$R8SCAN\" " + words);
    }

    std::string callback() const { return "--on-finding revoke=exec:'" + (dir / "handler").native() + "'"; }

    std::string scan() const { return "git repo --revoke --yes --deliver-timeout 2 -q " + callback(); }

    std::vector<nlohmann::json> list() const
    {
        std::vector<nlohmann::json> events;
        const std::string text = r8scan("outbox list -f jsonl").out;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = text.find('\n', at);
            events.push_back(nlohmann::json::parse(text.substr(at, end - at)));
            at = end + 1;
        }
        return events;
    }

    bool token_on_disk() const
    {
        for (const auto& entry : fs::recursive_directory_iterator(dir / "home")) {
            const std::string bytes = entry.is_regular_file() ? test::read_file(entry.path()) : std::string();
            for (std::uint64_t seed = 1; seed <= 3; ++seed) {
                if (bytes.find(test::token(seed)) != std::string::npos) {
                    return true;
                }
            }
        }
        return false;
    }

    TempDir dir;
};

constexpr const char* works = R"(while read -r line; do printf '%s\n' "$line" >>received; echo '{"status":"revoked"}'; done)";

std::size_t lines_in(const fs::path& file)
{
    const std::string text = fs::exists(file) ? test::read_file(file) : std::string();
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("outbox command: what a scan could not deliver waits, is shown, and is delivered with its token read again")
{
    const World world;
    CHECK(world.r8scan("outbox list").out == "the outbox is empty\n");
    CHECK(world.r8scan(world.scan()).exit_code == 4);
    const auto waiting = world.list();
    REQUIRE(waiting.size() == 3);
    for (const auto& event : waiting) {
        CHECK(event.at("state") == "pending");
        CHECK(event.at("stage") == "revoke");
        CHECK(event.at("redacted").get<std::string>().substr(5) == std::string(35, '*'));
    }
    const Ran shown = world.r8scan("outbox list");
    CHECK(shown.exit_code == 0);
    CHECK(shown.out.find("pending") != std::string::npos);
    CHECK(shown.out.find("ended with status 1 before it answered") != std::string::npos);
    CHECK_FALSE(world.token_on_disk());
    CHECK_FALSE(fs::exists(world.dir / "home/.local/share/r8scan/outbox.key"));  // nothing had to be sealed

    const Ran unknown = world.r8scan("outbox deliver");
    CHECK(unknown.exit_code == 4);
    CHECK(unknown.err.find("no callback is named") != std::string::npos);

    world.handler(works);
    const Ran delivered = world.r8scan("outbox deliver " + world.callback());
    CHECK_MESSAGE(delivered.exit_code == 0, delivered.err);
    CHECK(delivered.out.find("3 delivered, 0 pending\n") != std::string::npos);
    const std::string received = test::read_file(world.dir / "received");
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        CHECK(received.find(test::token(seed)) != std::string::npos);
    }
    for (const auto& event : waiting) {
        CHECK(received.find(event.at("event_id").get<std::string>()) != std::string::npos);
    }

    // A second run of either sends nothing anew.
    CHECK(world.r8scan(world.scan()).exit_code == 1);
    CHECK(world.r8scan("outbox deliver " + world.callback()).out == "0 delivered, 0 pending\n");
    CHECK(lines_in(world.dir / "received") == 3);
}

TEST_CASE("outbox command: one event is sent or given up by its id")
{
    const World world;
    CHECK(world.r8scan(world.scan()).exit_code == 4);
    world.handler(works);
    const auto waiting = world.list();
    REQUIRE(waiting.size() == 3);
    const std::string first = waiting[0].at("event_id").get<std::string>();
    const std::string second = waiting[1].at("event_id").get<std::string>();
    const Ran retried = world.r8scan("outbox retry " + first + " " + world.callback());
    CHECK_MESSAGE(retried.exit_code == 0, retried.err);
    CHECK(lines_in(world.dir / "received") == 1);
    const Ran dropped = world.r8scan("outbox drop " + second);
    CHECK(dropped.exit_code == 0);
    CHECK(dropped.out.find("dropped") != std::string::npos);
    CHECK(world.r8scan("outbox deliver " + world.callback()).exit_code == 0);
    CHECK(lines_in(world.dir / "received") == 2);
    CHECK(world.r8scan("outbox retry " + first + " " + world.callback()).err.find("is delivered: it is never sent again") !=
          std::string::npos);
}

TEST_CASE("outbox command: an object that is gone keeps its event and says so")
{
    const World world;
    CHECK(world.r8scan(world.scan()).exit_code == 4);
    fs::remove_all(world.dir / "repo");
    world.handler(works);
    const Ran ran = world.r8scan("outbox deliver " + world.callback());
    CHECK(ran.exit_code == 4);
    CHECK(ran.out.find("the token cannot be read again") != std::string::npos);
    CHECK(world.list().size() == 3);
    CHECK(lines_in(world.dir / "received") == 0);
}

TEST_CASE("outbox command: what came by standard input is sealed and delivered later")
{
    const World world;
    test::write_file(world.dir / "text", "key " + test::token(1) + "\n");
    CHECK(world.r8scan("stdin --revoke --yes --deliver-timeout 2 -q " + world.callback() + " < text").exit_code == 4);
    CHECK(fs::exists(world.dir / "home/.local/share/r8scan/outbox.key"));
    CHECK_FALSE(world.token_on_disk());
    world.handler(works);
    CHECK(world.r8scan("outbox deliver " + world.callback()).exit_code == 0);
    CHECK(test::read_file(world.dir / "received").find(test::token(1)) != std::string::npos);
}

TEST_CASE("outbox command: who was told that a token is not disabled is told when it is, once")
{
    const World world;
    test::write_file(world.dir / "tell",
                     "#!/bin/sh\nwhile read -r line; do printf '%s\\n' \"$line\" >>told; echo '{\"status\":\"ok\"}'; done\n");
    fs::permissions(world.dir / "tell", fs::perms::owner_all);
    const std::string callbacks = world.callback() + " --on-finding exec:'" + (world.dir / "tell").native() + "'";
    const auto told = [&] {
        std::vector<nlohmann::json> events;
        std::istringstream text(test::read_file(world.dir / "told"));
        for (std::string line; std::getline(text, line);) {
            events.push_back(nlohmann::json::parse(line));
        }
        return events;
    };
    const auto says = [](const nlohmann::json& event, const std::string& part) {
        return event["notice"].get<std::string>().find(part) != std::string::npos;
    };
    CHECK(world.r8scan("git repo --revoke --yes --deliver-timeout 2 -q " + callbacks).exit_code == 4);
    REQUIRE(told().size() == 3);
    for (const auto& event : told()) {
        CHECK(says(event, "The token was not disabled: "));
        CHECK(says(event, "ended with status 1"));
    }

    world.handler(works);
    const Ran delivered = world.r8scan("outbox deliver " + callbacks);
    CHECK_MESSAGE(delivered.exit_code == 0, delivered.err);
    CHECK(delivered.out.find("6 delivered, 0 pending\n") != std::string::npos);
    REQUIRE(told().size() == 6);
    for (std::size_t i = 3; i < 6; ++i) {
        CHECK(says(told()[i], "The token was disabled at "));
        CHECK(told()[i]["revocation"]["status"] == "revoked");
        CHECK(told()[i]["event_id"] != told()[i - 3]["event_id"]);
    }
    CHECK(world.r8scan("outbox deliver " + callbacks).out == "0 delivered, 0 pending\n");
    CHECK(world.r8scan("git repo --revoke --yes -q " + callbacks).exit_code == 1);
    CHECK(told().size() == 6);
    CHECK_FALSE(world.token_on_disk());
}

TEST_CASE("outbox command: a notice that waits for its callback says what came of the revocation meanwhile")
{
    const World world;
    test::write_file(world.dir / "tell", "#!/bin/sh\nexit 1\n");
    fs::permissions(world.dir / "tell", fs::perms::owner_all);
    const std::string callbacks = world.callback() + " --on-finding exec:'" + (world.dir / "tell").native() + "'";
    CHECK(world.r8scan("git repo --revoke --yes --deliver-timeout 2 -q " + callbacks).exit_code == 4);
    CHECK(world.list().size() == 6);
    world.handler(works);
    test::write_file(world.dir / "tell",
                     "#!/bin/sh\nwhile read -r line; do printf '%s\\n' \"$line\" >>told; echo '{\"status\":\"ok\"}'; done\n");
    const Ran delivered = world.r8scan("outbox deliver " + callbacks);
    CHECK_MESSAGE(delivered.exit_code == 0, delivered.err);
    CHECK(lines_in(world.dir / "told") == 3);
    CHECK(test::read_file(world.dir / "told").find("was not disabled") == std::string::npos);
    CHECK(world.r8scan("outbox list").out.find("dropped: told by evt_") != std::string::npos);
}

TEST_CASE("outbox command: words that it does not know are told what is meant")
{
    const World world;
    const auto says = [&](const std::string& words, const std::string& what) {
        const Ran ran = world.r8scan(words);
        CHECK_MESSAGE(ran.exit_code == 2, words);
        CHECK_MESSAGE(ran.err.find(what) != std::string::npos, ran.err);
    };
    says("outbox", "outbox needs a word more");
    says("outbox delivr", "did you mean \"deliver\"?");
    says("outbox retry", "needs the id of one event");
    says("outbox list 7", "unexpected argument \"7\"");
    says("outbox drop evt_7", "no event of the outbox has the id");
    says("outbox list -f sarif", "is no format of the outbox");
    says("outbx list", "did you mean \"outbox\"?");
}

TEST_CASE("outbox command: a folder that cannot be written is an error before anything is sent")
{
    const World world;
    world.handler(works);
    test::write_file(world.dir / "home/.local/state", "a file where a folder belongs");
    const Ran ran = world.r8scan(world.scan());
    CHECK(ran.exit_code != 0);
    CHECK(ran.exit_code != 1);
    CHECK(ran.err.find("outbox") != std::string::npos);
    CHECK(lines_in(world.dir / "received") == 0);
}
