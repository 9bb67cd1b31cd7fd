// kill -9 at random moments, with the program itself: a scan that revokes 200 tokens over HTTP is ended again and again
// and resumed by the same scan or by `outbox deliver`. R8SCAN_KILLS sets how often (20 by default, 1000 for the whole).
#include "action/outbox.h"

#include "tests/support/built_here.h"
#include "tests/support/http_server.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"
#include "util/bytes.h"
#include "util/hash.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

namespace fs = std::filesystem;

using namespace r8scan;
using namespace r8scan::action;
using test::TempDir;

namespace {

constexpr std::uint64_t tokens_of_a_round = 200;

/// The receiver: writes down what came before it answers.
class Receiver {
public:
    Receiver() : m_server([this](const test::SeenRequest& seen) { return take(seen); }) {}

    [[nodiscard]] std::string callback() const { return "revoke=" + m_server.url("/disable"); }
    [[nodiscard]] std::vector<std::string> ids() const
    {
        const std::lock_guard lock(m_mutex);
        return m_ids;
    }
    [[nodiscard]] std::size_t count() const
    {
        const std::lock_guard lock(m_mutex);
        return m_ids.size();
    }
    /// Requests whose id, token and signed-for id do not belong together.
    [[nodiscard]] std::size_t wrong() const
    {
        const std::lock_guard lock(m_mutex);
        return m_wrong;
    }

private:
    test::Answer take(const test::SeenRequest& seen)
    {
        const auto event = nlohmann::json::parse(seen.body, nullptr, false);
        const std::string id = event.value("event_id", "");
        const std::string hash = sha256_hex(as_bytes(event.value("token", "")));
        const bool right = id == event_id(hash, callback(), Stage::revoke) && id == seen.header("webhook-id") &&
                           hash == event.value("token_sha256", "");
        const std::lock_guard lock(m_mutex);
        m_wrong += right ? 0U : 1U;
        const bool again = std::find(m_ids.begin(), m_ids.end(), id) != m_ids.end();
        m_ids.push_back(id);
        return {200, again ? R"({"status":"already_revoked"})" : R"({"status":"revoked"})", "application/json", {}, {}};
    }

    mutable std::mutex m_mutex;
    std::vector<std::string> m_ids;
    std::size_t m_wrong = 0;
    test::HttpServer m_server;
};

/// A repository, or plain files, with the tokens of a round, and a home.
class Site {
public:
    Site(std::uint64_t round, bool in_repository) : m_in_repository(in_repository)
    {
        std::string text;
        for (std::uint64_t seed = 1; seed <= tokens_of_a_round; ++seed) {
            text += "REPLICATE_API_TOKEN=" + test::token(round * tokens_of_a_round + seed) + "\n";
        }
        if (in_repository) {
            test::RepoBuilder repo(dir / "in");
            repo.ref("refs/heads/main", repo.commit_files({{"keys.env", text}}, {}, "keys"));
        } else {
            test::write_file(dir / "in/keys.env", text);
        }
    }

    [[nodiscard]] pid_t start(bool scan, const Receiver& receiver) const
    {
        std::vector<std::string> words{test::program()};
        const std::vector<std::string> more =
            scan ? std::vector<std::string>{m_in_repository ? "git" : "dir", (dir / "in").string(), "--revoke", "--yes",
                                            "--deliver-timeout", "600"}
                 : std::vector<std::string>{"outbox", "deliver"};
        words.insert(words.end(), more.begin(), more.end());
        words.insert(words.end(), {"-q", "--on-finding", receiver.callback()});
        std::vector<std::string> environment{"HOME=" + (dir / "home").string(), "PATH=/usr/bin:/bin"};
        const auto pointers = [](std::vector<std::string>& texts) {
            std::vector<char*> out;
            for (std::string& text : texts) {
                out.push_back(text.data());
            }
            out.push_back(nullptr);
            return out;
        };
        posix_spawn_file_actions_t actions{};
        posix_spawn_file_actions_init(&actions);
        for (const int fd : {0, 1, 2}) {
            const std::string file = fd == 0 ? "/dev/null" : (dir / (fd == 1 ? "out" : "err")).string();
            posix_spawn_file_actions_addopen(&actions, fd, file.c_str(), O_RDWR | O_CREAT | O_APPEND, 0600);
        }
        pid_t child = 0;
        const int error = posix_spawn(&child, words[0].c_str(), &actions, nullptr, pointers(words).data(),
                                      pointers(environment).data());
        posix_spawn_file_actions_destroy(&actions);
        REQUIRE(error == 0);
        return child;
    }

    /// As the outbox has it now.
    [[nodiscard]] std::set<std::string> ids(EntryState state) const
    {
        std::set<std::string> ids;
        OutboxOptions options;
        options.file = dir / "home/.local/state/r8scan/outbox.db";
        options.key_file = dir / "home/.local/share/r8scan/outbox.key";
        if (fs::exists(options.file)) {
            const auto outbox = Outbox::open(options);
            REQUIRE_MESSAGE(outbox.ok(), outbox.error().message());
            const auto entries = (*outbox)->list(state);
            REQUIRE_MESSAGE(entries.ok(), entries.error().message());
            for (const Entry& entry : *entries) {
                ids.insert(entry.event.event_id);
            }
        }
        return ids;
    }

    /// Whether anything that the program wrote holds something in the shape of a token.
    [[nodiscard]] bool token_on_disk() const
    {
        const auto holds_token = [](const std::string& bytes) {
            for (std::size_t at = bytes.find("r8_"); at != std::string::npos; at = bytes.find("r8_", at + 1)) {
                const std::string tail = bytes.substr(at + 3, 37);
                if (tail.size() == 37 && std::all_of(tail.begin(), tail.end(),
                                                     [](unsigned char c) { return std::isalnum(c) != 0; })) {
                    return true;
                }
            }
            return false;
        };
        bool found = false;
        for (const auto& entry : fs::recursive_directory_iterator(dir.path())) {
            const bool is_ours = entry.is_regular_file() && entry.path().string().find("/in/") == std::string::npos;
            found = found || (is_ours && holds_token(test::read_file(entry.path())));
        }
        return found;
    }

    TempDir dir;

private:
    bool m_in_repository;
};

/// Mostly until a few more events have come, and a little longer; sometimes any time from the start.
void wait_for_a_moment(const Receiver& receiver, pid_t child, test::Rng& rng)
{
    if (rng.chance(25)) {
        std::this_thread::sleep_for(std::chrono::microseconds(rng.below(300'000)));
        return;
    }
    const std::size_t wanted = receiver.count() + 1 + rng.below(12);
    for (int i = 0; i < 20'000 && receiver.count() < wanted; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        siginfo_t ended{};
        if (waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == child) {
            return;
        }
    }
    std::this_thread::sleep_for(std::chrono::microseconds(rng.below(6000)));
}

}  // namespace

TEST_CASE("fault: a program that is killed at random moments revokes every token and repeats nothing acknowledged")
{
    const char* const asked = std::getenv("R8SCAN_KILLS");
    const int wanted = asked != nullptr ? std::atoi(asked) : 20;
    test::Rng rng(2026);
    int kills = 0;
    int kills_while_sending = 0;
    std::size_t repeats = 0;
    std::uint64_t round = 0;
    while (kills < wanted) {
        ++round;
        const Site site(round, round % 2 == 1);
        const Receiver receiver;
        for (bool finished = false; !finished;) {
            const std::set<std::string> before = site.ids(EntryState::delivered);
            const std::size_t sent_before = receiver.count();
            const bool scans = before.empty() || rng.chance(50);
            const pid_t child = site.start(scans, receiver);
            if (kills < wanted) {
                wait_for_a_moment(receiver, child, rng);
                kill(child, SIGKILL);
            }
            int status = 0;
            REQUIRE(waitpid(child, &status, 0) == child);
            const bool was_killed = WIFSIGNALED(status);
            kills += was_killed ? 1 : 0;
            if (!was_killed) {
                CAPTURE(test::read_file(site.dir / "err"));
                REQUIRE(WEXITSTATUS(status) == (scans ? 1 : 0));
            }
            // What had been acknowledged before this process began was not sent by it.
            const auto ids = receiver.ids();
            for (std::size_t i = sent_before; i < ids.size(); ++i) {
                REQUIRE_FALSE(before.contains(ids[i]));
            }
            kills_while_sending += was_killed && ids.size() > sent_before ? 1 : 0;
            finished = !was_killed && site.ids(EntryState::delivered).size() == tokens_of_a_round;
        }
        std::set<std::string> expected;
        for (std::uint64_t seed = 1; seed <= tokens_of_a_round; ++seed) {
            const std::string hash = sha256_hex(as_bytes(test::token(round * tokens_of_a_round + seed)));
            expected.insert(event_id(hash, receiver.callback(), Stage::revoke));
        }
        const auto ids = receiver.ids();
        CHECK(std::set<std::string>(ids.begin(), ids.end()) == expected);
        CHECK(site.ids(EntryState::delivered) == expected);
        CHECK(site.ids(EntryState::pending).empty());
        CHECK(receiver.wrong() == 0);
        repeats += ids.size() - expected.size();
        CHECK_FALSE(site.token_on_disk());
    }
    CHECK(kills_while_sending > kills / 4);
    MESSAGE(kills << " kills in " << round << " rounds, " << kills_while_sending << " of them while events were sent, "
                  << repeats << " events sent again under their ids");
}
