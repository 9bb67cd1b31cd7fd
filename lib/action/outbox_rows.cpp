#include "action/outbox_rows.h"

#include "action/stored_event.h"

namespace r8scan::action {
namespace {

EntryState state_of(const std::string& word)
{
    return word == "delivered" ? EntryState::delivered : word == "dropped" ? EntryState::dropped : EntryState::pending;
}

}  // namespace

std::int64_t to_number(WallTime time)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

WallTime to_time(std::int64_t number)
{
    return WallTime(std::chrono::duration_cast<WallTime::duration>(std::chrono::milliseconds(number)));
}

Result<Entry> entry_of(const Statement& row)
{
    auto event = load_event(row.text(0));
    if (!event) {
        return event.error();
    }
    Entry entry;
    entry.event = std::move(*event);
    entry.callback = row.text(1);
    entry.state = state_of(row.text(2));
    entry.attempts = static_cast<unsigned>(row.number(3));
    if (!row.is_null(4)) {
        entry.next_at = to_time(row.number(4));
    }
    entry.message = row.text(5);
    if (!row.is_null(6)) {
        auto verdict = load_verdict(row.text(6));
        if (!verdict) {
            return verdict.error();
        }
        entry.verdict = std::move(*verdict);
    }
    entry.needs_secret = row.number(7) != 0;
    entry.api_base = row.text(8);
    if (!row.is_null(9)) {
        auto place = load_place(row.text(9));
        if (!place) {
            return place.error();
        }
        entry.place = std::move(*place);
    }
    entry.sealed = row.number(10) != 0;
    entry.recorded_at = to_time(row.number(11));
    entry.changed_at = to_time(row.number(12));
    return entry;
}

Result<Entry> existing_entry(const Database& database, const std::string& id)
{
    auto select = database.prepare(std::string(entry_columns) + "WHERE id = ?");
    const Result<bool> row = select ? select->bind(1, id).step() : Result<bool>(select.error());
    if (!row) {
        return row.error();
    }
    return *row ? entry_of(*select) : Error(ErrorCode::not_found, "no event has the id \"" + id + '"');
}

Result<void> insert_event(const Database& database, const NewEvent& fresh, const Event& event,
                          const std::string& repository, const std::optional<std::string>& sealed, std::int64_t now)
{
    const std::string json = store_event(event);
    const std::string place = fresh.place ? store_place(*fresh.place) : std::string();
    auto insert = database.prepare(
        "INSERT INTO events(id, stage, callback, token_sha256, repository, event, needs_secret, place, sealed, "
        "api_base, "
        "next_at, recorded_at, changed_at) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?11) "
        "ON CONFLICT(id) DO UPDATE SET place = coalesce(?8, place), sealed = coalesce(?9, sealed) WHERE state = "
        "'pending'");
    if (!insert) {
        return insert.error();
    }
    insert->bind(1, event.event_id).bind(2, to_string(event.stage)).bind(3, fresh.callback).bind(4, event.token_sha256);
    insert->bind(5, repository)
        .bind(6, json)
        .bind(7, std::int64_t{fresh.needs_secret})
        .bind(10, fresh.api_base)
        .bind(11, now);
    fresh.place ? insert->bind(8, place) : insert->bind_null(8);
    sealed ? insert->bind_blob(9, *sealed) : insert->bind_null(9);
    return insert->run();
}

}  // namespace r8scan::action
