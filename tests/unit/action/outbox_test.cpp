#include "action/outbox.h"

#include "action/outbox_file.h"
#include "tests/support/fake_delivery.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"
#include "tests/support/unprivileged.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

namespace fs = std::filesystem;

using namespace r8scan;
using namespace r8scan::action;
using test::new_event;
using test::TempDir;

namespace {

mode_t mode_of(const fs::path& path)
{
    struct stat status {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

OutboxOptions options_in(const TempDir& dir)
{
    OutboxOptions options;
    options.file = dir / "state/r8scan/outbox.db";
    options.key_file = dir / "data/r8scan/outbox.key";
    options.random = [] { return 0.5; };  // no jitter
    return options;
}

std::unique_ptr<Outbox> open_in(const TempDir& dir)
{
    auto outbox = Outbox::open(options_in(dir));
    REQUIRE_MESSAGE(outbox.ok(), outbox.error().message());
    return std::move(*outbox);
}

Entry record_one(Outbox& outbox, const NewEvent& event)
{
    auto entries = outbox.record({event});
    REQUIRE_MESSAGE(entries.ok(), entries.error().message());
    REQUIRE(entries->size() == 1);
    return entries->front();
}

Verdict verdict(Status status)
{
    Verdict made;
    made.status = status;
    made.message = "done";
    made.owner = "someone";
    return made;
}

/// Whether any file below the folder holds the bytes.
bool on_disk(const fs::path& folder, const std::string& bytes)
{
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && test::read_file(entry.path()).find(bytes) != std::string::npos) {
            return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("outbox: an event is there for the next process as it was recorded")
{
    const TempDir dir;
    const Entry recorded = record_one(*open_in(dir), new_event(1, "disable"));
    const auto outbox = open_in(dir);
    const auto all = outbox->list();
    REQUIRE(all.ok());
    REQUIRE(all->size() == 1);
    const Entry& entry = all->front();
    CHECK(entry.event.event_id == recorded.event.event_id);
    CHECK(entry.event.event_id == event_id(recorded.event.token_sha256, "disable", Stage::revoke));
    CHECK(entry.event.stage == Stage::revoke);
    CHECK(entry.event.redacted == test::redacted(test::token(1)));
    CHECK(entry.event.token.empty());
    CHECK(entry.event.exposure.places.at(0).path == "conf/\\xff.env");
    CHECK(entry.event.exposure.places.at(0).line == 3);
    CHECK(entry.callback == "disable");
    CHECK(entry.api_base == "https://api.replicate.com");
    CHECK(entry.state == EntryState::pending);
    CHECK(entry.attempts == 0);
    CHECK(entry.next_at.has_value());
    CHECK(entry.needs_secret);
}

TEST_CASE("outbox: what lies on the disk is for its user alone")
{
    const TempDir dir;
    const auto outbox = open_in(dir);
    record_one(*outbox, new_event(1, "disable"));
    CHECK(mode_of(dir / "state") == 0700);
    CHECK(mode_of(dir / "state/r8scan") == 0700);
    CHECK(mode_of(dir / "data/r8scan") == 0700);
    CHECK(mode_of(dir / "data/r8scan/outbox.key") == 0600);
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(dir / "state/r8scan")) {
        CHECK_MESSAGE(mode_of(entry.path()) == 0600, entry.path());
        ++files;
    }
    CHECK(files == 4);  // database, log, its index, owners
}

TEST_CASE("outbox: a token is never on the disk in the clear, sealed it comes back")
{
    const TempDir dir;
    auto outbox = open_in(dir);
    const Entry entry = record_one(*outbox, new_event(7, "disable"));
    CHECK(entry.sealed);
    CHECK_FALSE(on_disk(dir.path(), test::token(7)));
    const auto token = outbox->unseal(entry.event.event_id);
    REQUIRE(token.ok());
    CHECK(token->reveal() == test::token(7));

    REQUIRE(outbox->claim(entry.event.event_id)->taken);
    const auto settled = outbox->settle_delivered(entry.event.event_id, verdict(Status::revoked));
    REQUIRE(settled.ok());
    CHECK_FALSE(settled->sealed);
    CHECK(outbox->unseal(entry.event.event_id).error().code() == ErrorCode::not_found);
    outbox.reset();
    CHECK_FALSE(on_disk(dir.path(), test::token(7)));
}

TEST_CASE("outbox: an event with a place, or whose callback needs no token, is not sealed")
{
    const TempDir dir;
    const auto outbox = open_in(dir);
    NewEvent placed = new_event(1, "disable");
    placed.place = TokenPlace{"/srv/\xfe/r.git", std::string(40, 'a'), 17, {"zip", "base64"}};
    const Entry entry = record_one(*outbox, placed);
    CHECK_FALSE(entry.sealed);
    CHECK(entry.place == placed.place);
    CHECK_FALSE(record_one(*outbox, new_event(2, "mail", Stage::notify, false)).sealed);
    CHECK_FALSE(fs::exists(dir / "data/r8scan/outbox.key"));
}

TEST_CASE("outbox: a sealed token opens under its own key and for its own event alone")
{
    const TempDir dir;
    const auto outbox = open_in(dir);
    const Entry entry = record_one(*outbox, new_event(1, "disable"));
    fs::rename(dir / "data/r8scan/outbox.key", dir / "kept");
    const auto gone = outbox->unseal(entry.event.event_id);
    REQUIRE_FALSE(gone.ok());
    CHECK(gone.error().code() == ErrorCode::not_found);
    record_one(*outbox, new_event(2, "disable"));  // makes another key
    const auto other = outbox->unseal(entry.event.event_id);
    REQUIRE_FALSE(other.ok());
    CHECK(other.error().message() == "the token was sealed under another key than the one that is there now");
    fs::rename(dir / "kept", dir / "data/r8scan/outbox.key");
    CHECK(outbox->unseal(entry.event.event_id).ok());
    fs::permissions(dir / "data/r8scan/outbox.key", fs::perms::group_read, fs::perm_options::add);
    CHECK(outbox->unseal(entry.event.event_id).error().code() == ErrorCode::permission);
}

TEST_CASE("outbox: the same token, callback and stage is the same event in every run")
{
    const TempDir dir;
    std::set<std::string> ids;
    for (int run = 0; run < 3; ++run) {
        const auto outbox = open_in(dir);
        ids.insert(record_one(*outbox, new_event(1, "disable")).event.event_id);
        ids.insert(record_one(*outbox, new_event(1, "disable", Stage::revoke, true, "https://example.com/other"))
                       .event.event_id);
    }
    CHECK(ids.size() == 1);
    const auto outbox = open_in(dir);
    ids.insert(record_one(*outbox, new_event(2, "disable")).event.event_id);
    ids.insert(record_one(*outbox, new_event(1, "broker")).event.event_id);
    ids.insert(record_one(*outbox, new_event(1, "disable", Stage::verify)).event.event_id);
    CHECK(ids.size() == 4);
    CHECK(outbox->list()->size() == 4);
}

TEST_CASE("outbox: a delivered event keeps its verdict and is never pending again")
{
    const TempDir dir;
    const std::string id = [&] {
        const auto outbox = open_in(dir);
        const Entry entry = record_one(*outbox, new_event(1, "disable"));
        REQUIRE(outbox->claim(entry.event.event_id)->taken);
        REQUIRE(outbox->settle_delivered(entry.event.event_id, verdict(Status::revoked)).ok());
        return entry.event.event_id;
    }();
    const auto outbox = open_in(dir);
    const Entry again = record_one(*outbox, new_event(1, "disable"));
    CHECK(again.event.event_id == id);
    CHECK(again.state == EntryState::delivered);
    REQUIRE(again.verdict.has_value());
    CHECK(again.verdict->status == Status::revoked);
    CHECK(again.verdict->owner == "someone");
    CHECK_FALSE(again.sealed);
    CHECK_FALSE(outbox->claim(id)->taken);
    CHECK(outbox->retry(id).error().code() == ErrorCode::usage);
    CHECK(outbox->drop(id).error().code() == ErrorCode::usage);
    CHECK(outbox->list(EntryState::pending)->empty());
}

TEST_CASE("outbox: a notice is new only for a repository that no notice named")
{
    const TempDir dir;
    const auto outbox = open_in(dir);
    const auto notice = [&](const std::string& repository) {
        return record_one(*outbox, new_event(1, "mail", Stage::notify, false, repository)).event.event_id;
    };
    const std::string first = notice("https://example.com/a");
    const std::string second = notice("https://example.com/b");
    CHECK(first != second);
    CHECK(notice("https://example.com/a") == first);
    CHECK(notice("https://example.com/b") == second);
    CHECK(first == event_id(new_event(1, "").event.token_sha256, "mail", Stage::notify));
    CHECK(second == event_id(new_event(1, "").event.token_sha256, "mail", Stage::notify, "https://example.com/b"));
    CHECK(record_one(*outbox, new_event(1, "chat", Stage::notify, false, "https://example.com/b")).event.event_id ==
          event_id(new_event(1, "").event.token_sha256, "chat", Stage::notify));
}

TEST_CASE("outbox: failures follow the schedule to its end, with a fifth of jitter either way")
{
    using namespace std::chrono_literals;
    const std::vector<std::chrono::seconds> schedule{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
    for (const auto& [random, factor] : {std::pair(0.0, 0.8), std::pair(0.5, 1.0), std::pair(0.999999, 1.2)}) {
        const TempDir dir;
        OutboxOptions options = options_in(dir);
        WallTime now{1'700'000'000s};
        options.now = [&] { return now; };
        options.random = [random = random] { return random; };
        const auto outbox = std::move(*Outbox::open(options));
        const std::string id = record_one(*outbox, new_event(1, "disable")).event.event_id;
        for (std::size_t i = 0; i < schedule.size(); ++i) {
            REQUIRE(outbox->claim(id)->taken);
            const auto entry = outbox->settle_failed(id, {"refused the connection", {}, false, true});
            REQUIRE(entry.ok());
            CHECK(entry->state == EntryState::pending);
            CHECK(entry->attempts == i + 1);
            CHECK(entry->message == "refused the connection");
            REQUIRE(entry->next_at.has_value());
            const double wait = std::chrono::duration<double>(*entry->next_at - now).count();
            CHECK(wait == doctest::Approx(static_cast<double>(schedule[i].count()) * factor).epsilon(0.001));
            now += 48h;
        }
        REQUIRE(outbox->claim(id)->taken);
        const auto last = outbox->settle_failed(id, {"still", {}, false, true});
        CHECK(last->state == EntryState::pending);
        CHECK_FALSE(last->next_at.has_value());
        CHECK(outbox->retry(id)->next_at == now);
    }
}

TEST_CASE("outbox: who asks for a pause is given it, and its circuit stays closed")
{
    using namespace std::chrono_literals;
    const TempDir dir;
    OutboxOptions options = options_in(dir);
    const WallTime now{1'700'000'000s};
    options.now = [&] { return now; };
    const auto outbox = std::move(*Outbox::open(options));
    const std::string id = record_one(*outbox, new_event(1, "disable")).event.event_id;
    const auto entry = outbox->settle_failed(id, {"429", 100s, false, true});
    CHECK(entry->next_at == now + 100s);
    CHECK(outbox->endpoint("disable")->not_before == now + 100s);
    CHECK(outbox->endpoint("disable")->failures == 0);
    const auto absurd = outbox->settle_failed(id, {"429", std::chrono::hours(24 * 365), false, true});
    CHECK(absurd->next_at == now + 24h);
}

TEST_CASE("outbox: five failures in a row open the circuit of their endpoint alone, a success closes it")
{
    using namespace std::chrono_literals;
    const TempDir dir;
    OutboxOptions options = options_in(dir);
    const WallTime now{1'700'000'000s};
    options.now = [&] { return now; };
    const auto outbox = std::move(*Outbox::open(options));
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const std::string id = record_one(*outbox, new_event(seed, "disable")).event.event_id;
        CHECK(outbox->endpoint("disable")->not_before.has_value() == (seed > 5));
        CHECK(outbox->settle_failed(id, {"no", {}, false, true}).ok());
    }
    CHECK(outbox->endpoint("disable")->failures == 6);
    CHECK(outbox->endpoint("disable")->not_before == now + 5min);
    CHECK(outbox->endpoint("other")->failures == 0);
    const std::string id = record_one(*outbox, new_event(9, "disable")).event.event_id;
    REQUIRE(outbox->settle_delivered(id, verdict(Status::ok)).ok());
    CHECK(outbox->endpoint("disable")->failures == 0);
    CHECK_FALSE(outbox->endpoint("disable")->not_before.has_value());
}

TEST_CASE("outbox: an endpoint that says it is gone stays stopped until a person asks")
{
    const TempDir dir;
    const std::string id = record_one(*open_in(dir), new_event(1, "disable")).event.event_id;
    CHECK(open_in(dir)->settle_failed(id, {"410 Gone", {}, true, true}).ok());
    const auto outbox = open_in(dir);
    CHECK(outbox->endpoint("disable")->stopped == "410 Gone");
    REQUIRE(outbox->reopen("disable", false).ok());
    CHECK(outbox->endpoint("disable")->stopped == "410 Gone");
    REQUIRE(outbox->reopen("disable", true).ok());
    CHECK(outbox->endpoint("disable")->stopped.empty());
}

TEST_CASE("outbox: what one process has claimed no other gets, until it ends")
{
    const TempDir dir;
    const auto outbox = open_in(dir);
    const std::string id = record_one(*outbox, new_event(1, "disable")).event.event_id;
    {
        const auto other = open_in(dir);
        REQUIRE(other->claim(id)->taken);
        const auto second = outbox->claim(id);
        REQUIRE(second.ok());
        CHECK_FALSE(second->taken);
        CHECK(second->entry.state == EntryState::pending);
        CHECK(outbox->drop(id).error().code() == ErrorCode::limit);
        CHECK(outbox->retry(id).error().code() == ErrorCode::limit);
    }
    REQUIRE(outbox->claim(id)->taken);
    CHECK(outbox->claim(id)->entry.attempts == 0);
    REQUIRE(outbox->release(id).ok());
    CHECK(open_in(dir)->claim(id)->taken);
}

TEST_CASE("outbox: a claim ends with a process that is killed, and counts as no failure")
{
    const TempDir dir;
    const auto outbox = open_in(dir);
    const std::string id = record_one(*outbox, new_event(1, "disable")).event.event_id;
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    const pid_t child = fork();
    if (child == 0) {
        const auto mine = Outbox::open(options_in(dir));
        const bool taken = mine.ok() && (*mine)->claim(id)->taken;
        (void)!write(ready[1], taken ? "y" : "n", 1);
        for (;;) {
            pause();
        }
    }
    char answer = 0;
    REQUIRE(read(ready[0], &answer, 1) == 1);
    CHECK(answer == 'y');
    CHECK_FALSE(outbox->claim(id)->taken);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(ready[0]);
    close(ready[1]);
    const auto claim = outbox->claim(id);
    CHECK(claim->taken);
    CHECK(claim->entry.attempts == 0);
    CHECK(claim->entry.message.empty());
}

TEST_CASE("outbox: many threads on several outboxes of one file claim each event once")
{
    const TempDir dir;
    std::vector<std::string> ids;
    {
        const auto outbox = open_in(dir);
        std::vector<NewEvent> events;
        for (std::uint64_t seed = 1; seed <= 30; ++seed) {
            events.push_back(new_event(seed, "disable"));
        }
        const auto recorded = outbox->record(events);
        for (const Entry& entry : *recorded) {
            ids.push_back(entry.event.event_id);
        }
    }
    std::atomic<unsigned> taken = 0;
    std::mutex mutex;
    std::set<std::string> errors;
    {
        std::vector<std::unique_ptr<Outbox>> outboxes;
        std::vector<std::jthread> threads;
        for (int i = 0; i < 3; ++i) {
            outboxes.push_back(open_in(dir));
            for (int j = 0; j < 2; ++j) {
                threads.emplace_back([&, outbox = outboxes.back().get()] {
                    for (const std::string& id : ids) {
                        const auto claim = outbox->claim(id);
                        if (!claim.ok()) {
                            const std::lock_guard lock(mutex);
                            errors.insert(claim.error().message());
                        }
                        taken += claim.ok() && claim->taken ? 1 : 0;
                    }
                });
            }
        }
        threads.clear();
    }
    for (const std::string& error : errors) {
        FAIL_CHECK(error);
    }
    CHECK(taken.load() == ids.size());
}

TEST_CASE("outbox: a dropped event stays dropped when it is found again, and comes back when asked for")
{
    const TempDir dir;
    const auto outbox = open_in(dir);
    const std::string id = record_one(*outbox, new_event(1, "disable")).event.event_id;
    const auto dropped = outbox->drop(id);
    REQUIRE(dropped.ok());
    CHECK(dropped->state == EntryState::dropped);
    CHECK_FALSE(dropped->sealed);
    CHECK(record_one(*outbox, new_event(1, "disable")).state == EntryState::dropped);
    CHECK_FALSE(outbox->claim(id)->taken);
    CHECK(outbox->retry(id)->state == EntryState::pending);
    CHECK(record_one(*outbox, new_event(1, "disable")).sealed);
}

TEST_CASE("outbox: an id may be cut short as long as it names one event")
{
    const TempDir dir;
    const auto outbox = open_in(dir);
    const std::string id = record_one(*outbox, new_event(1, "disable")).event.event_id;
    record_one(*outbox, new_event(2, "disable"));
    CHECK(outbox->find(id)->event.event_id == id);
    CHECK(outbox->find(id.substr(0, 12))->event.event_id == id);
    CHECK(outbox->find("evt_").error().code() == ErrorCode::usage);
    CHECK(outbox->find("").error().code() == ErrorCode::not_found);
    CHECK(outbox->find("evt_nothing").error().code() == ErrorCode::not_found);
}

TEST_CASE("outbox: a database of a newer program, of another one, or none at all is refused with what to do")
{
    const TempDir dir;
    const fs::path file = dir / "state/r8scan/outbox.db";
    open_in(dir);
    {
        auto database = Database::open(file, 1000);
        REQUIRE(database->execute("PRAGMA user_version = 99").ok());
    }
    const auto newer = Outbox::open(options_in(dir));
    REQUIRE_FALSE(newer.ok());
    CHECK(newer.error().code() == ErrorCode::unsupported);
    CHECK(newer.error().message().find("was written by a newer r8scan (schema 99, this one knows 1)") !=
          std::string::npos);

    fs::remove_all(dir / "state");
    test::write_file(file, "");
    {
        auto database = Database::open(file, 1000);
        REQUIRE(database->execute("CREATE TABLE songs(name)").ok());
    }
    CHECK(Outbox::open(options_in(dir)).error().message().find("is a database, but no outbox") != std::string::npos);

    test::write_file(file, std::string(5000, 'x'));
    CHECK(Outbox::open(options_in(dir)).error().code() == ErrorCode::damaged);
}

TEST_CASE("outbox: the key must not lie beside what it seals")
{
    const TempDir dir;
    OutboxOptions options = options_in(dir);
    options.key_file = dir / "state/r8scan/outbox.key";
    const auto outbox = Outbox::open(options);
    REQUIRE_FALSE(outbox.ok());
    CHECK(outbox.error().code() == ErrorCode::usage);
}

TEST_CASE("outbox: a folder that cannot be written is a clear error at once")
{
    const TempDir dir;
    fs::create_directory(dir / "state");
    fs::permissions(dir.path(), fs::perms::all);
    fs::permissions(dir / "state",
                    fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
    const auto answer = test::run_unprivileged([&] {
        auto outbox = Outbox::open(options_in(dir));
        return outbox.ok() ? std::string("opened") : outbox.error().message();
    });
    REQUIRE(answer.has_value());
    CHECK(answer->find("state/r8scan\": Permission denied") != std::string::npos);
}

TEST_CASE("outbox: many that make the same outbox at once all get it")
{
    for (int round = 0; round < 20; ++round) {
        const TempDir dir;
        std::atomic<int> opened{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 6; ++i) {
                threads.emplace_back([&] { opened += Outbox::open(options_in(dir)).ok() ? 1 : 0; });
            }
        }
        REQUIRE(opened == 6);
    }
}

TEST_CASE("outbox: a full disk is an error before anything is recorded, and what was there stays")
{
    const TempDir dir;
    const auto outbox = open_in(dir);
    record_one(*outbox, new_event(1, "disable"));
    // The database may not grow: what SQLite answers is what it answers on a full disk.
    {
        auto database = Database::open(dir / "state/r8scan/outbox.db", 1000);
        REQUIRE(database->execute("PRAGMA wal_checkpoint(TRUNCATE)").ok());
    }
    struct LimitFileSize {
        LimitFileSize(rlim_t bytes)
        {
            getrlimit(RLIMIT_FSIZE, &before);
            const rlimit now{bytes, before.rlim_max};
            setrlimit(RLIMIT_FSIZE, &now);
            handler = std::signal(SIGXFSZ, SIG_IGN);
        }
        ~LimitFileSize()
        {
            setrlimit(RLIMIT_FSIZE, &before);
            std::signal(SIGXFSZ, handler);
        }
        rlimit before{};
        void (*handler)(int) = nullptr;
    };
    std::vector<NewEvent> events;
    for (std::uint64_t seed = 2; seed <= 200; ++seed) {
        events.push_back(new_event(seed, "disable"));
    }
    {
        const LimitFileSize limit(64U << 10U);
        const auto entries = outbox->record(events);
        REQUIRE_FALSE(entries.ok());
        CHECK(entries.error().message().find("outbox \"") != std::string::npos);
    }
    CHECK(outbox->list()->size() == 1);
    CHECK(outbox->record(events).ok());
    CHECK(outbox->list()->size() == 200);
}
