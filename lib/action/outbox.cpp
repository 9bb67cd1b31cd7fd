#include "action/outbox.h"

#include "action/outbox_file.h"
#include "action/outbox_notices.h"
#include "action/outbox_rows.h"
#include "action/outbox_state.h"
#include "util/escape.h"

#include <random>

namespace r8scan::action {
namespace {

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
            auto id = fresh.event.stage == Stage::notify
                          ? notice_id(state.database, fresh, repository)
                          : Result<std::string>(event_id(fresh.event.token_sha256, fresh.callback, fresh.event.stage));
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
            if (*id == correction_id(event, fresh.callback, repository)) {
                if (auto gone = give_way_to_correction(state.database, *id, event.token_sha256, fresh.callback,
                                                       repository, now);
                    !gone) {
                    return gone.error();
                }
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

}  // namespace r8scan::action
