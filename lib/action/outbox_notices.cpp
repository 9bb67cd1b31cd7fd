#include "action/outbox_notices.h"

#include "action/outbox_rows.h"
#include "action/outbox_state.h"
#include "action/stored_event.h"
#include "util/escape.h"

namespace r8scan::action {
namespace {

bool is_row(const Result<Entry>& entry)
{
    return entry.ok() || entry.error().code() != ErrorCode::not_found;
}

/// Of the revocations of a token that were acknowledged, the one that says that it was ended; with the time.
Result<std::optional<Verdict>> end_of(const Database& database, const std::string& token_sha256)
{
    auto select = database.prepare(std::string(entry_columns) +
                                   "WHERE token_sha256 = ? AND stage = 'revoke' AND state = 'delivered' "
                                   "ORDER BY changed_at, id");
    if (!select) {
        return select.error();
    }
    select->bind(1, token_sha256);
    std::optional<Verdict> found;
    for (;;) {
        const Result<bool> row = select->step();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            return found;
        }
        const auto entry = entry_of(*select);
        if (!entry) {
            return entry.error();
        }
        if (ends_a_token(entry->verdict) && (!found || entry->verdict->status == Status::revoked)) {
            found = entry->verdict;
            found->at = found->at.empty() ? rfc3339(entry->changed_at) : found->at;
        }
    }
}

/// Notices that were sent or wait, of tokens with a revocation that was acknowledged.
Result<std::vector<Entry>> notices_of_revoked_tokens(const Database& database)
{
    auto select = database.prepare(std::string(entry_columns) +
                                   "WHERE stage = 'notify' AND state IN ('pending', 'delivered') AND token_sha256 IN "
                                   "(SELECT token_sha256 FROM events WHERE stage = 'revoke' AND state = 'delivered') "
                                   "ORDER BY recorded_at, id");
    if (!select) {
        return select.error();
    }
    std::vector<Entry> notices;
    for (;;) {
        const Result<bool> row = select->step();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            return notices;
        }
        auto entry = entry_of(*select);
        if (!entry) {
            return entry.error();
        }
        notices.push_back(std::move(*entry));
    }
}

/// The event that corrects a notice, as it is to be recorded. It goes without the token, even to a callback that got it
/// with the notice: what was acknowledged is not kept.
NewEvent correction_of(const Entry& notice, const Verdict& end, const NoticeWriter& write)
{
    NewEvent correction;
    correction.event = notice.event;
    correction.event.event_id = correction_id(notice.event, notice.callback, notice.event.exposure.repository);
    correction.event.revocation = end;
    correction.callback = notice.callback;
    correction.api_base = notice.api_base;
    write(notice.callback, correction.event);
    return correction;
}

}  // namespace

std::string correction_id(const Event& about, const std::string& callback, const std::string& repository)
{
    return event_id(about.token_sha256, callback, Stage::notify, "disabled\n" + repository);
}

Result<std::string> notice_id(const Database& database, const NewEvent& fresh, const std::string& repository)
{
    const Event& event = fresh.event;
    const std::string correction = correction_id(event, fresh.callback, repository);
    auto earlier = database.prepare(
        "SELECT id, repository, state, event FROM events "
        "WHERE token_sha256 = ? AND callback = ? AND stage = 'notify'");
    if (!earlier) {
        return earlier.error();
    }
    earlier->bind(1, event.token_sha256).bind(2, fresh.callback);
    bool any = false;
    std::optional<std::string> same;
    bool says_otherwise = false;
    for (;;) {
        const Result<bool> row = earlier->step();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            break;
        }
        any = true;
        if (earlier->text(0) == correction) {
            return correction;
        }
        if (earlier->text(1) == repository) {
            same = earlier->text(0);
            const auto told = load_event(earlier->text(3));
            if (!told) {
                return told.error();
            }
            says_otherwise = earlier->text(2) != "dropped" && !ends_a_token(told->revocation);
        }
    }
    if (same) {
        return says_otherwise && ends_a_token(event.revocation) ? correction : *same;
    }
    return event_id(event.token_sha256, fresh.callback, event.stage, any ? repository : std::string());
}

Result<void> give_way_to_correction(Database& database, const std::string& id, const std::string& token_sha256,
                                    const std::string& callback, const std::string& repository, std::int64_t now)
{
    auto update = database.prepare(
        "UPDATE events SET state = 'dropped', next_at = NULL, place = NULL, sealed = NULL, "
        "message = 'told by ' || ?1 || ' instead', changed_at = ?5 "
        "WHERE token_sha256 = ?2 AND callback = ?3 AND repository = ?4 AND stage = 'notify' AND state = 'pending' "
        "AND owner IS NULL AND id <> ?1");
    return update
               ? update->bind(1, id).bind(2, token_sha256).bind(3, callback).bind(4, repository).bind(5, now).run()
               : Result<void>(update.error());
}

Result<std::vector<Entry>> Outbox::correct_notices(const NoticeWriter& write)
{
    State& state = *m_state;
    return state.write<std::vector<Entry>>([&]() -> Result<std::vector<Entry>> {
        if (auto voided = state.owners.void_dead_claims(state.database); !voided) {
            return voided.error();
        }
        const auto notices = notices_of_revoked_tokens(state.database);
        if (!notices) {
            return notices.error();
        }
        const std::int64_t now = to_number(state.options.now());
        std::vector<Entry> corrections;
        for (const Entry& notice : *notices) {
            const auto end = end_of(state.database, notice.event.token_sha256);
            if (!end) {
                return end.error();
            }
            if (!*end || ends_a_token(notice.event.revocation)) {
                continue;
            }
            const NewEvent correction = correction_of(notice, **end, write);
            const std::string& id = correction.event.event_id;
            const std::string& repository = notice.event.exposure.repository;
            const bool is_new = !is_row(existing_entry(state.database, id));
            Result<void> done = is_new ? insert_event(state.database, correction, correction.event, repository, {}, now)
                                       : Result<void>();
            if (done) {
                done = give_way_to_correction(state.database, id, notice.event.token_sha256, notice.callback,
                                              repository, now);
            }
            if (!done) {
                return done.error();
            }
            if (is_new) {
                auto entry = existing_entry(state.database, id);
                if (!entry) {
                    return entry.error();
                }
                corrections.push_back(std::move(*entry));
            }
        }
        return corrections;
    });
}

}  // namespace r8scan::action
