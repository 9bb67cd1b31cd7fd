// An outbox on a disk that is full, or that cannot be written: nothing is sent that is not in it, and the program says
// so. On small file systems of the tests' own.
#include "action/outbox.h"
#include "action/sqlite.h"

#include "tests/support/fake_delivery.h"
#include "tests/support/http_server.h"
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <set>
#include <sstream>

using namespace r8scan;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t tokens = 40;

struct Site {
    Site() : broker([](const test::SeenRequest&) {
        return test::Answer{200, R"({"status":"revoked"})", "application/json", {}, 0ms};
    })
    {
        std::string text;
        for (std::uint64_t seed = 1; seed <= tokens; ++seed) {
            text += "key = " + test::token(seed) + "\n";
        }
        test::write_file(dir / "files/keys", text);
        std::filesystem::create_directory(dir / "disk");
    }

    [[nodiscard]] std::string scan() const
    {
        return "\"$R8SCAN\" dir files --revoke --yes --deliver-timeout 5 --outbox disk/outbox.db -f jsonl --on-finding "
               "revoke=" +
               broker.url("/disable");
    }
    [[nodiscard]] std::string deliver() const
    {
        return "\"$R8SCAN\" outbox deliver --outbox disk/outbox.db --on-finding revoke=" + broker.url("/disable");
    }

    /// Lines of the shell with a file system at "disk", which goes with them.
    [[nodiscard]] test::Ran on_disk(const std::string& options, const std::string& lines) const
    {
        test::write_file(dir / "lines.sh", "mount -t tmpfs -o " + options + " tmpfs disk || exit 99\n" + lines + "\n");
        return test::run_shell(dir.path(), "export R8SCAN HOME='" + (dir / "home").string() +
                                               "'\nunshare -m sh lines.sh");
    }

    [[nodiscard]] std::set<std::string> sent() const
    {
        std::set<std::string> ids;
        for (const test::SeenRequest& seen : broker.requests()) {
            ids.insert(seen.header("webhook-id"));
        }
        return ids;
    }

    /// Ids that `outbox list -f jsonl` wrote into the file.
    [[nodiscard]] std::set<std::string> listed(const std::string& file) const
    {
        std::set<std::string> ids;
        std::istringstream text(test::read_file(dir / file));
        for (std::string line; std::getline(text, line);) {
            ids.insert(nlohmann::json::parse(line).at("event_id").get<std::string>());
        }
        return ids;
    }

    test::TempDir dir;
    test::HttpServer broker;
};

std::size_t count_of(const std::string& text, const std::string& part)
{
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

bool may_mount()
{
    const Site site;
    return site.on_disk("size=64k", "true").exit_code == 0;
}

}  // namespace

TEST_CASE("outbox on a full disk: what was sent is in it, what did not fit is not sent, and more room makes it whole")
{
    if (!may_mount()) {
        MESSAGE("skipped: no right to mount a file system");
        return;
    }
    int refused = 0;
    int delivered = 0;
    for (const char* const size : {"4k", "16k", "40k", "64k", "96k", "160k", "256k", "400k", "640k", "4m"}) {
        CAPTURE(std::string(size));
        const Site site;
        const test::Ran ran = site.on_disk(
            std::string("size=") + size,
            site.scan() + " >report 2>words\ncode=$?\ncp words words.scan\n"
            "mount -o remount,size=8m disk\n"
            "\"$R8SCAN\" outbox list -f jsonl --outbox disk/outbox.db >list\n"
            "[ -s list ] && { " + site.deliver() + " >later || exit 98; }\n"
            "exit $code");
        CAPTURE(test::read_file(site.dir / "words"));
        const auto listed = site.listed("list");
        CHECK(ran.exit_code != 98);
        CHECK((listed.empty() || listed.size() == tokens));  // all or none
        CHECK(site.sent() == listed);
        if (ran.exit_code == 1) {
            ++delivered;
            CHECK(listed.size() == tokens);
        } else {
            ++refused;
            CHECK(ran.exit_code == 4);
            CHECK(test::read_file(site.dir / "words").find("outbox") != std::string::npos);
        }
        // Of each token the report says what the outbox has: acknowledged, waiting, or never recorded.
        const std::string report = test::read_file(site.dir / "report");
        const auto reported = [&](const std::string& word) {
            return count_of(report, "\"revocation\":{\"status\":\"" + word + "\"");
        };
        const std::string list = test::read_file(site.dir / "list");
        CHECK(reported("revoked") == count_of(list, "\"state\":\"delivered\""));
        CHECK(reported("pending") == count_of(list, "\"state\":\"pending\""));
        CHECK(reported("revoked") + reported("pending") + reported("failed") == tokens);
    }
    CHECK(refused >= 2);
    CHECK(delivered >= 1);
}

TEST_CASE("outbox on a full disk: a claim of a process whose end could not be written down holds nothing up")
{
    const test::TempDir dir;
    action::OutboxOptions options;
    options.file = dir / "state/outbox.db";
    options.key_file = dir / "data/outbox.key";
    auto first = action::Outbox::open(options);
    REQUIRE(first.ok());
    const auto recorded = (*first)->record({test::new_event(1, "disable")});
    REQUIRE(recorded.ok());
    const std::string id = recorded->front().event.event_id;
    REQUIRE((*first)->claim(id)->taken);
    auto database = action::Database::open(options.file, 1000);
    REQUIRE(database.ok());
    REQUIRE(database->execute("DELETE FROM owners; CREATE TRIGGER stop BEFORE UPDATE ON events "
                              "WHEN NEW.owner IS NULL BEGIN SELECT RAISE(ABORT, 'full'); END")
                .ok());
    first->reset();  // cannot give its claim up
    REQUIRE(database->execute("DROP TRIGGER stop").ok());
    auto second = action::Outbox::open(options);
    REQUIRE(second.ok());
    CHECK((*second)->claim(id)->taken);
}

TEST_CASE("outbox on a disk that cannot be written: an error before anything is sent, with exit code 4")
{
    if (!may_mount()) {
        MESSAGE("skipped: no right to mount a file system");
        return;
    }
    const Site site;
    const test::Ran ran = site.on_disk("ro,size=1m", site.scan());
    CHECK(ran.exit_code == 4);
    CHECK(ran.err.find("outbox") != std::string::npos);
    CHECK(ran.err.find("Read-only file system") != std::string::npos);
    CHECK(site.broker.requests().empty());

    // One that was good once.
    const test::Ran later = site.on_disk("size=4m", site.scan() + " >report\nmount -o remount,ro disk\n" + site.deliver());
    CHECK(later.exit_code == 2);
    CHECK(later.err.find("outbox") != std::string::npos);
    CHECK(site.sent().size() == tokens);
}
