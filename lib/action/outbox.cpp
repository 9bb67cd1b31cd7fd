#include "action/outbox.h"

#include "action/outbox_file.h"
#include "action/outbox_rows.h"
#include "action/owners.h"
#include "action/sealed_token.h"
#include "action/stored_event.h"
#include "util/escape.h"
#include "util/file.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <random>

namespace r8scan::action {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr unsigned failures_that_open = 5;
constexpr seconds circuit_pause{300};
constexpr seconds longest_retry_after{24 * 3600};
constexpr double jitter = 0.2;

double system_random()
{
    std::random_device device;
    return std::uniform_real_distribution<double>(0, 1)(device);
}

}  // namespace

const char* to_string(EntryState state)
{
    return state == EntryState::pending ? "pending" : state == EntryState::delivered ? "delivered" : "dropped";
}

struct Outbox::State {
    State(OutboxOptions from, Database opened, Owners known)
        : options(std::move(from)), database(std::move(opened)), owners(std::move(known))
    {
    }

    [[nodiscard]] Error within(const Error& error) const { return error.within("outbox " + quoted(options.file)); }

    /// Runs `body` in a transaction, under the lock; what it returns counts once the transaction is durable.
    template <typename Value, typename Body>
    Result<Value> write(Body body)
    {
        const std::lock_guard lock(mutex);
        auto transaction = Transaction::begin(database);
        if (!transaction) {
            return within(transaction.error());
        }
        Result<Value> value = body();
        if (!value) {
            return within(value.error());
        }
        if (auto committed = transaction->commit(); !committed) {
            return within(committed.error());
        }
        return value;
    }

    Result<TokenSeal> seal(bool make)
    {
        if (options.key_file.empty()) {
            return Error(ErrorCode::usage, "a token has to be kept sealed, and there is no place for the key");
        }
        return TokenSeal::open(options.key_file, make);
    }

    /// Changes one event that no process is sending.
    Result<Entry> change(const std::string& id, const char* sql)
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

    Result<Endpoint> endpoint(const std::string& callback) const
    {
        auto select = database.prepare("SELECT failures, not_before, stopped FROM endpoints WHERE callback = ?");
        const Result<bool> row = select ? select->bind(1, callback).step() : Result<bool>(select.error());
        if (!row) {
            return row.error();
        }
        Endpoint endpoint;
        if (*row) {
            endpoint.failures = static_cast<unsigned>(select->number(0));
            if (!select->is_null(1)) {
                endpoint.not_before = to_time(select->number(1));
            }
            endpoint.stopped = select->text(2);
        }
        return endpoint;
    }

    Result<void> store_endpoint(const std::string& callback, const Endpoint& endpoint)
    {
        auto insert = database.prepare(
            "INSERT OR REPLACE INTO endpoints(callback, failures, not_before, stopped) "
            "VALUES(?, ?, ?, ?)");
        if (!insert) {
            return insert.error();
        }
        const auto not_before =
            endpoint.not_before ? std::optional(to_number(*endpoint.not_before)) : std::optional<std::int64_t>();
        insert->bind(1, callback)
            .bind(2, std::int64_t{endpoint.failures})
            .bind(3, not_before)
            .bind(4, endpoint.stopped);
        return insert->run();
    }

    /// What a failure tells of the endpoint.
    Result<void> note_failure(const std::string& callback, const Failure& failure, WallTime now)
    {
        if (!failure.of_endpoint) {
            return {};
        }
        auto known = endpoint(callback);
        if (!known) {
            return known.error();
        }
        if (failure.gone) {
            known->stopped = failure.message.empty() ? "it is gone" : failure.message;
        } else if (failure.retry_after) {
            known->not_before = now + std::min(*failure.retry_after, longest_retry_after);
        } else if (++known->failures >= failures_that_open) {
            known->not_before = now + circuit_pause;
        }
        return store_endpoint(callback, *known);
    }

    /// When a failed event is due again.
    std::optional<WallTime> next_attempt(unsigned failures, const Failure& failure, WallTime now)
    {
        const auto delay = retry_delay(failures);
        if (!delay) {
            return std::nullopt;
        }
        const double factor = 1 + jitter * (2 * options.random() - 1);
        milliseconds wait(std::llround(std::chrono::duration<double, std::milli>(*delay).count() * factor));
        if (failure.retry_after) {
            wait = std::max<milliseconds>(wait, std::min(*failure.retry_after, longest_retry_after));
        }
        return now + wait;
    }

    OutboxOptions options;
    std::mutex mutex;
    Database database;
    Owners owners;
};

Outbox::Outbox(std::unique_ptr<State> state) : m_state(std::move(state)) {}

Outbox::~Outbox()
{
    m_state->owners.leave(m_state->database);
}

Result<std::unique_ptr<Outbox>> Outbox::open(OutboxOptions options)
{
    options.file = std::filesystem::absolute(options.file);
    if (!options.key_file.empty()) {
        options.key_file = std::filesystem::absolute(options.key_file);
        std::error_code ignored;
        const auto key_folder = std::filesystem::weakly_canonical(options.key_file.parent_path(), ignored);
        if (key_folder == std::filesystem::weakly_canonical(options.file.parent_path(), ignored)) {
            return Error(ErrorCode::usage,
                         "outbox " + quoted(options.file) +
                             ": lies beside the key that seals its tokens: name a file in another folder");
        }
    }
    if (!options.now) {
        options.now = [] { return std::chrono::system_clock::now(); };
    }
    if (!options.random) {
        options.random = system_random;
    }
    auto database = open_outbox_file(options.file);
    if (!database) {
        return database.error();
    }
    auto owners = Owners::open(options.file);
    if (!owners) {
        return owners.error();
    }
    auto state = std::make_unique<State>(std::move(options), std::move(*database), std::move(*owners));
    return std::unique_ptr<Outbox>(new Outbox(std::move(state)));
}

Result<std::vector<Entry>> Outbox::record(const std::vector<NewEvent>& events)
{
    State& state = *m_state;
    std::optional<TokenSeal> seal;
    for (const NewEvent& fresh : events) {
        if (fresh.needs_secret && !fresh.place && !seal) {
            auto opened = state.seal(true);
            if (!opened) {
                return state.within(opened.error());
            }
            seal = std::move(*opened);
        }
    }
    return state.write<std::vector<Entry>>([&]() -> Result<std::vector<Entry>> {
        std::vector<Entry> entries;
        entries.reserve(events.size());
        const std::int64_t now = to_number(state.options.now());
        for (const NewEvent& fresh : events) {
            const std::string repository = utf8_or_hex(fresh.event.exposure.repository);
            auto id = id_for(state.database, fresh, repository);
            if (!id) {
                return id.error();
            }
            Event event = fresh.event;
            event.event_id = *id;
            std::optional<std::string> sealed;
            if (fresh.needs_secret && !fresh.place) {
                auto bytes = seal->seal(event.token, *id);
                if (!bytes) {
                    return bytes.error();
                }
                sealed = std::move(*bytes);
            }
            if (auto done = insert_event(state.database, fresh, event, repository, sealed, now); !done) {
                return done.error();
            }
            auto entry = existing_entry(state.database, *id);
            if (!entry) {
                return entry.error();
            }
            entries.push_back(std::move(*entry));
        }
        return entries;
    });
}

Result<std::vector<Entry>> Outbox::list(std::optional<EntryState> wanted) const
{
    const std::lock_guard lock(m_state->mutex);
    auto select =
        m_state->database.prepare(std::string(entry_columns) +
                                  (wanted ? "WHERE state = ? ORDER BY recorded_at, id" : "ORDER BY recorded_at, id"));
    if (!select) {
        return m_state->within(select.error());
    }
    if (wanted) {
        select->bind(1, to_string(*wanted));
    }
    std::vector<Entry> entries;
    for (;;) {
        const Result<bool> row = select->step();
        if (!row) {
            return m_state->within(row.error());
        }
        if (!*row) {
            return entries;
        }
        auto entry = entry_of(*select);
        if (!entry) {
            return m_state->within(entry.error());
        }
        entries.push_back(std::move(*entry));
    }
}

Result<Entry> Outbox::find(std::string_view id) const
{
    const std::lock_guard lock(m_state->mutex);
    auto select =
        m_state->database.prepare(std::string(entry_columns) + "WHERE substr(id, 1, length(?1)) = ?1 LIMIT 2");
    Result<bool> row = select ? select->bind(1, id).step() : Result<bool>(select.error());
    if (!row) {
        return m_state->within(row.error());
    }
    if (!*row || id.empty()) {
        return Error(ErrorCode::not_found, "no event of the outbox has the id \"" + std::string(id) + '"');
    }
    auto entry = entry_of(*select);
    row = select->step();
    if (!row) {
        return m_state->within(row.error());
    }
    return *row ? Error(ErrorCode::usage, "several events have an id that begins with \"" + std::string(id) + '"')
                : entry;
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
        const auto next = state.next_attempt(before->attempts + 1, failure, now);
        const auto next_number = next ? std::optional(to_number(*next)) : std::optional<std::int64_t>();
        auto update = state.database.prepare(
            "UPDATE events SET attempts = attempts + 1, next_at = ?2, message = ?3, "
            "owner = NULL, changed_at = ?4 WHERE id = ?1 AND state = 'pending'");
        Result<void> done =
            update ? update->bind(1, id).bind(2, next_number).bind(3, failure.message).bind(4, to_number(now)).run()
                   : Result<void>(update.error());
        if (done) {
            done = state.note_failure(before->callback, failure, now);
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

Result<Secret> Outbox::unseal(const std::string& id) const
{
    State& state = *m_state;
    const std::lock_guard lock(state.mutex);
    auto select = state.database.prepare("SELECT sealed FROM events WHERE id = ?");
    const Result<bool> row = select ? select->bind(1, id).step() : Result<bool>(select.error());
    if (!row) {
        return state.within(row.error());
    }
    if (!*row || select->is_null(0)) {
        return Error(ErrorCode::not_found, "its token is not kept in the outbox any more");
    }
    const auto seal = state.seal(false);
    return seal ? seal->unseal(select->text(0), id) : seal.error();
}

Result<Endpoint> Outbox::endpoint(const std::string& callback) const
{
    const std::lock_guard lock(m_state->mutex);
    auto known = m_state->endpoint(callback);
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
    return m_state->change(
        id, "UPDATE events SET state = 'pending', next_at = ?2, changed_at = ?2 WHERE id = ?1 AND owner IS NULL");
}

// The sealed token goes: nobody is meant to need it.
Result<Entry> Outbox::drop(const std::string& id)
{
    return m_state->change(id,
                           "UPDATE events SET state = 'dropped', next_at = NULL, sealed = NULL, changed_at = ?2 "
                           "WHERE id = ?1 AND owner IS NULL");
}

}  // namespace r8scan::action
