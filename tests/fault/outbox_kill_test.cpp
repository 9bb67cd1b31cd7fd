// kill -9 at random moments: a process that records events and delivers them is ended again and again and resumed each
// time. R8SCAN_KILLS sets how often (40 by default, 1000 for the whole).
#include "action/courier.h"

#include "tests/support/fake_delivery.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"
#include "util/bytes.h"
#include "util/file.h"
#include "util/hash.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <thread>

namespace fs = std::filesystem;

using namespace r8scan;
using namespace r8scan::action;
using test::TempDir;

namespace {

constexpr std::uint64_t events_of_a_round = 200;

OutboxOptions options_in(const fs::path& dir)
{
    OutboxOptions options;
    options.file = dir / "state/outbox.db";
    options.key_file = dir / "data/outbox.key";
    return options;
}

std::vector<NewEvent> events_of(std::uint64_t round)
{
    std::vector<NewEvent> events;
    for (std::uint64_t seed = 1; seed <= events_of_a_round; ++seed) {
        NewEvent event = test::new_event(round * events_of_a_round + seed, "receiver");
        if (seed % 2 == 0) {
            event.place = TokenPlace{"/r", std::string(40, 'a'), round * events_of_a_round + seed, {}};
        }
        events.push_back(std::move(event));
    }
    return events;
}

class PlaceReader : public TokenSource {
public:
    Result<Secret> read(const TokenPlace& place, const std::string&) override
    {
        return Secret(test::token(place.offset));
    }
};

/// In the child: what a run of r8scan does. Each delivery is a line in the receiver's file, there before it is
/// answered.
[[noreturn]] void run_until_killed(const fs::path& dir, std::uint64_t round)
{
    const UniqueFd received(::open((dir / "received").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    const auto receiver =
        std::make_shared<test::FakeCallback>("receiver", Stage::revoke, true, [&](const Event& event, auto) {
            const bool right = sha256_hex(as_bytes(event.token.reveal())) == event.token_sha256;
            const std::string line = event.event_id + (right ? " right\n" : " wrong\n");
            (void)!::write(received.get(), line.data(), line.size());
            return test::delivered(Status::revoked);
        });
    auto outbox = Outbox::open(options_in(dir));
    if (!outbox.ok()) {
        ::_exit(3);
    }
    const auto entries = (*outbox)->record(events_of(round));
    if (!entries.ok()) {
        ::_exit(4);
    }
    Round all;
    all.timeout = std::chrono::minutes(10);
    all.ids.emplace();
    for (const Entry& entry : *entries) {
        all.ids->push_back(entry.event.event_id);
    }
    PlaceReader reader;
    CourierOptions options;
    options.threads = 4;
    options.source = &reader;
    const auto delivered = Courier(**outbox, {receiver}, options).deliver(all);
    ::_exit(delivered.ok() ? 0 : 5);
}

std::vector<std::string> lines_of(const fs::path& file)
{
    std::vector<std::string> lines;
    if (fs::exists(file)) {
        std::istringstream text(test::read_file(file));
        for (std::string line; std::getline(text, line);) {
            lines.push_back(line);
        }
    }
    return lines;
}

/// Mostly until a few more events have been received, and a little longer, however slow the machine is; sometimes any
/// time from the start.
void wait_for_a_moment(const fs::path& received, std::size_t lines_before, test::Rng& rng)
{
    if (rng.chance(20)) {
        std::this_thread::sleep_for(std::chrono::microseconds(rng.below(200'000)));
        return;
    }
    const std::size_t lines = lines_before + 1 + rng.below(8);
    for (int i = 0; i < 5000 && lines_of(received).size() < lines; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(rng.below(5000)));
}

std::set<std::string> delivered_ids(const fs::path& dir)
{
    std::set<std::string> ids;
    if (fs::exists(dir / "state/outbox.db")) {
        const auto outbox = Outbox::open(options_in(dir));
        REQUIRE_MESSAGE(outbox.ok(), outbox.error().message());
        const auto entries = (*outbox)->list(EntryState::delivered);
        REQUIRE_MESSAGE(entries.ok(), entries.error().message());
        for (const Entry& entry : *entries) {
            ids.insert(entry.event.event_id);
        }
    }
    return ids;
}

}  // namespace

TEST_CASE(
    "fault: an outbox whose processes are killed at random moments loses nothing and repeats nothing acknowledged")
{
    const char* const asked = std::getenv("R8SCAN_KILLS");
    const int wanted = asked != nullptr ? std::atoi(asked) : 40;
    test::Rng rng(2024);
    int kills = 0;
    int kills_while_sending = 0;
    std::size_t repeats = 0;
    for (std::uint64_t round = 1; kills < wanted; ++round) {
        const TempDir dir;
        for (bool finished = false; !finished;) {
            const std::set<std::string> before = delivered_ids(dir.path());
            const std::size_t lines_before = lines_of(dir / "received").size();
            const pid_t child = fork();
            REQUIRE(child >= 0);
            if (child == 0) {
                run_until_killed(dir.path(), round);
            }
            if (kills < wanted) {
                wait_for_a_moment(dir / "received", lines_before, rng);
                kill(child, SIGKILL);
            }
            int status = 0;
            REQUIRE(waitpid(child, &status, 0) == child);
            finished = WIFEXITED(status);
            kills += finished ? 0 : 1;
            if (finished) {
                REQUIRE(WEXITSTATUS(status) == 0);
            }
            // What had been acknowledged before this process began was not sent by it.
            const auto lines = lines_of(dir / "received");
            for (std::size_t i = lines_before; i < lines.size(); ++i) {
                REQUIRE_FALSE(before.contains(lines[i].substr(0, lines[i].find(' '))));
            }
            kills_while_sending += !finished && lines.size() > lines_before ? 1 : 0;
        }
        std::set<std::string> ids;
        const auto lines = lines_of(dir / "received");
        for (const std::string& line : lines) {
            REQUIRE(line.ends_with(" right"));
            ids.insert(line.substr(0, line.find(' ')));
        }
        repeats += lines.size() - ids.size();
        std::set<std::string> expected;
        for (const NewEvent& event : events_of(round)) {
            expected.insert(event_id(event.event.token_sha256, "receiver", Stage::revoke));
        }
        CHECK(ids == expected);
        CHECK(delivered_ids(dir.path()) == expected);

        for (const auto& entry : fs::recursive_directory_iterator(dir.path())) {
            const std::string bytes = entry.is_regular_file() ? test::read_file(entry.path()) : std::string();
            for (std::uint64_t seed = 1; seed <= events_of_a_round; ++seed) {
                REQUIRE(bytes.find(test::token(round * events_of_a_round + seed)) == std::string::npos);
            }
        }
    }
    CHECK(kills_while_sending > kills / 4);
    MESSAGE(kills << " kills, " << kills_while_sending << " of them while events were sent, " << repeats
                  << " events sent again under their ids");
}
