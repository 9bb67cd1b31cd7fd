// The part of the outbox that a delivery goes through: an event is claimed, settled or given back, and what that tells
// of its endpoint is kept.
#include "action/outbox_endpoints.h"
#include "action/outbox_rows.h"
#include "action/outbox_state.h"
#include "action/retry_schedule.h"
#include "action/stored_event.h"

namespace r8scan::action {

Result<Entry> Outbox::State::change_idle(const std::string& id, const char* sql)
{
    return write<Entry>([&]() -> Result<Entry> {
        if (auto voided = owners.void_dead_claims(database); !voided) {
            return voided.error();
        }
        auto entry = existing_entry(database, id);
        if (!entry) {
            return entry;
        }
        if (entry->state == EntryState::delivered) {
            return Error(ErrorCode::usage, id + " is delivered: it is never sent again");
        }
        auto update = database.prepare(sql);
        const Result<void> done =
            update ? update->bind(1, id).bind(2, to_number(options.now())).run() : Result<void>(update.error());
        if (!done) {
            return done.error();
        }
        return database.changes() == 1 ? existing_entry(database, id)
                                       : Error(ErrorCode::limit, id + " is being sent by another r8scan now");
    });
}

Result<Claim> Outbox::claim(const std::string& id)
{
    State& state = *m_state;
    Result<std::int64_t> self = [&] {
        const std::lock_guard lock(state.mutex);
        return state.owners.self(state.database);
    }();
    if (!self) {
        return state.within(self.error());
    }
    return state.write<Claim>([&]() -> Result<Claim> {
        if (auto voided = state.owners.void_dead_claims(state.database); !voided) {
            return voided.error();
        }
        auto update =
            state.database.prepare("UPDATE events SET owner = ? WHERE id = ? AND state = 'pending' AND owner IS NULL");
        const Result<void> done = update ? update->bind(1, *self).bind(2, id).run() : Result<void>(update.error());
        if (!done) {
            return done.error();
        }
        const bool taken = state.database.changes() == 1;
        auto entry = existing_entry(state.database, id);
        return entry ? Result<Claim>(Claim{taken, std::move(*entry)}) : entry.error();
    });
}

Result<Entry> Outbox::settle_delivered(const std::string& id, const Verdict& verdict)
{
    State& state = *m_state;
    return state.write<Entry>([&]() -> Result<Entry> {
        const std::string json = store_verdict(verdict);
        auto update = state.database.prepare(
            "UPDATE events SET state = 'delivered', attempts = attempts + 1, next_at = NULL, message = '', verdict = "
            "?2, "
            "place = NULL, sealed = NULL, owner = NULL, changed_at = ?3 WHERE id = ?1");
        Result<void> done = update ? update->bind(1, id).bind(2, json).bind(3, to_number(state.options.now())).run()
                                   : Result<void>(update.error());
        if (!done) {
            return done.error();
        }
        auto entry = existing_entry(state.database, id);
        if (!entry) {
            return entry;
        }
        auto healthy = state.database.prepare(
            "UPDATE endpoints SET failures = 0, not_before = NULL WHERE callback = ? AND "
            "(failures > 0 OR not_before IS NOT NULL)");
        done = healthy ? healthy->bind(1, entry->callback).run() : Result<void>(healthy.error());
        return done ? entry : done.error();
    });
}

Result<Entry> Outbox::settle_failed(const std::string& id, const Failure& failure)
{
    State& state = *m_state;
    return state.write<Entry>([&]() -> Result<Entry> {
        auto before = existing_entry(state.database, id);
        if (!before) {
            return before;
        }
        const WallTime now = state.options.now();
        const auto next = next_attempt(before->attempts + 1, failure, now, state.options.random());
        const auto next_number = next ? std::optional(to_number(*next)) : std::optional<std::int64_t>();
        auto update = state.database.prepare(
            "UPDATE events SET attempts = attempts + 1, next_at = ?2, message = ?3, "
            "owner = NULL, changed_at = ?4 WHERE id = ?1 AND state = 'pending'");
        Result<void> done =
            update ? update->bind(1, id).bind(2, next_number).bind(3, failure.message).bind(4, to_number(now)).run()
                   : Result<void>(update.error());
        if (done) {
            done = note_failure(state.database, before->callback, failure, now);
        }
        return done ? existing_entry(state.database, id) : done.error();
    });
}

Result<void> Outbox::release(const std::string& id)
{
    State& state = *m_state;
    const auto released = state.write<bool>([&]() -> Result<bool> {
        auto update = state.database.prepare("UPDATE events SET owner = NULL WHERE id = ?");
        const Result<void> done = update ? update->bind(1, id).run() : Result<void>(update.error());
        return done ? Result<bool>(true) : done.error();
    });
    return released ? Result<void>() : released.error();
}

Result<Endpoint> Outbox::endpoint(const std::string& callback) const
{
    const std::lock_guard lock(m_state->mutex);
    auto known = endpoint_of(m_state->database, callback);
    return known ? known : m_state->within(known.error());
}

Result<void> Outbox::reopen(const std::string& callback, bool stop_too)
{
    State& state = *m_state;
    const auto reopened = state.write<bool>([&]() -> Result<bool> {
        auto update = state.database.prepare(
            "UPDATE endpoints SET failures = 0, not_before = NULL, stopped = CASE WHEN ?2 THEN '' ELSE stopped END "
            "WHERE callback = ?1");
        const Result<void> done =
            update ? update->bind(1, callback).bind(2, std::int64_t{stop_too}).run() : Result<void>(update.error());
        return done ? Result<bool>(true) : done.error();
    });
    return reopened ? Result<void>() : reopened.error();
}

Result<Entry> Outbox::retry(const std::string& id)
{
    return m_state->change_idle(
        id, "UPDATE events SET state = 'pending', next_at = ?2, changed_at = ?2 WHERE id = ?1 AND owner IS NULL");
}

// The sealed token goes: nobody is meant to need it.
Result<Entry> Outbox::drop(const std::string& id)
{
    return m_state->change_idle(id,
                                "UPDATE events SET state = 'dropped', next_at = NULL, sealed = NULL, changed_at = ?2 "
                                "WHERE id = ?1 AND owner IS NULL");
}

}  // namespace r8scan::action
