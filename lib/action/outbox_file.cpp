#include "action/outbox_file.h"

#include "action/private_file.h"

#include <array>
#include <chrono>
#include <thread>

namespace r8scan::action {
namespace {

constexpr int wait_for_others_ms = 30'000;
constexpr std::int64_t application = 0x72387363;  // "r8sc"

// Each entry brings a database from the version that is its index to the next one.
constexpr std::array<const char*, outbox_schema> migrations{R"sql(
CREATE TABLE events(
    id TEXT PRIMARY KEY NOT NULL,
    stage TEXT NOT NULL,
    callback TEXT NOT NULL,
    token_sha256 TEXT NOT NULL,
    repository TEXT NOT NULL,
    event TEXT NOT NULL,               -- JSON, without the token
    needs_secret INTEGER NOT NULL,
    place TEXT,                        -- JSON
    sealed BLOB,
    api_base TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK(state IN ('pending', 'delivered', 'dropped')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER,                   -- milliseconds since 1970, as all times here
    message TEXT NOT NULL DEFAULT '',
    verdict TEXT,                      -- JSON
    recorded_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    owner INTEGER                      -- the process that sends it now
) WITHOUT ROWID;
CREATE INDEX events_of_a_token ON events(token_sha256, callback, stage);
CREATE INDEX events_to_send ON events(recorded_at) WHERE state = 'pending';
CREATE INDEX events_claimed ON events(owner) WHERE owner IS NOT NULL;
CREATE TABLE endpoints(
    callback TEXT PRIMARY KEY NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER,
    stopped TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE owners(id INTEGER PRIMARY KEY AUTOINCREMENT);
)sql"};

Result<std::string> pragma(Database& database, const char* name)
{
    auto statement = database.prepare(std::string("PRAGMA ") + name);
    const Result<bool> row = statement ? statement->step() : Result<bool>(statement.error());
    if (!row) {
        return row.error();
    }
    return *row ? statement->text(0) : std::string();
}

Result<void> migrate(Database& database)
{
    auto transaction = Transaction::begin(database);
    if (!transaction) {
        return transaction.error();
    }
    const auto version_text = pragma(database, "user_version");
    const auto application_text = pragma(database, "application_id");
    const auto tables = pragma(database, "schema_version");  // 0 as long as there are no tables
    for (const auto* const asked : {&version_text, &application_text, &tables}) {
        if (!*asked) {
            return asked->error();
        }
    }
    const bool is_new = *tables == "0";
    if (!is_new && *application_text != std::to_string(application)) {
        return Error(ErrorCode::damaged, "is a database, but no outbox of r8scan: name another file with --outbox");
    }
    const int version = is_new ? 0 : std::stoi(*version_text);
    if (version < 0 || version > outbox_schema) {
        return Error(ErrorCode::unsupported, "was written by a newer r8scan (schema " + *version_text +
                                                 ", this one knows " + std::to_string(outbox_schema) +
                                                 "): use that one, or name another file with --outbox");
    }
    if (version == outbox_schema) {
        return {};
    }
    for (auto step = static_cast<std::size_t>(version); step < migrations.size(); ++step) {
        if (auto done = database.execute(migrations.at(step)); !done) {
            return done.error().within("bring schema " + std::to_string(step) + " to " + std::to_string(step + 1));
        }
    }
    const std::string marks = "PRAGMA user_version = " + std::to_string(outbox_schema) +
                              "; PRAGMA application_id = " + std::to_string(application);
    if (auto marked = database.execute(marks.c_str()); !marked) {
        return marked;
    }
    return transaction->commit();
}

Result<void> set_up(Database& database)
{
    const auto mode = pragma(database, "journal_mode = WAL");
    if (!mode) {
        return mode.error();
    }
    if (*mode != "wal") {
        return Error(ErrorCode::unsupported, "its file system keeps no write-ahead log (journal mode " + *mode +
                                                 "): name a file on a local disk with --outbox");
    }
    // FULL makes each commit durable before it returns. Pages that held something are overwritten when they are freed,
    // and nothing is put into temporary files.
    if (auto set = database.execute("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY");
        !set) {
        return set;
    }
    const auto synchronous = pragma(database, "synchronous");
    if (!synchronous || *synchronous != "2") {
        return synchronous ? Error(ErrorCode::unsupported, "SQLite does not write through to the disk")
                           : synchronous.error();
    }
    return migrate(database);
}

/// SQLite does not wait where two processes make one file a write-ahead log at once: one of them has to try again.
Result<void> set_up_in_turn(Database& database)
{
    constexpr std::chrono::milliseconds pause(20);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    Result<void> ready = set_up(database);
    while (!ready && ready.error().code() == ErrorCode::limit && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(pause);
        ready = set_up(database);
    }
    return ready;
}

}  // namespace

Result<Database> open_outbox_file(const std::filesystem::path& file)
{
    if (file.has_parent_path()) {
        if (auto made = make_private_folder(file.parent_path()); !made) {
            return made.error().within("outbox");
        }
    }
    // Made here and not by SQLite, so that it, and the files that SQLite lays beside it, are private from the first.
    if (auto made = make_private_file(file); !made) {
        return made.error().within("outbox");
    }
    auto database = Database::open(file, wait_for_others_ms);
    if (!database) {
        return database.error().within("outbox " + quoted(file));
    }
    if (auto ready = set_up_in_turn(*database); !ready) {
        return ready.error().within("outbox " + quoted(file));
    }
    return database;
}

}  // namespace r8scan::action
