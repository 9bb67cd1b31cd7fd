// Rows of the outbox's table of events, and the entries that they stand for.
#pragma once

#include "action/outbox.h"
#include "action/sqlite.h"

namespace r8scan::action {

/// Times are stored in milliseconds since 1970.
[[nodiscard]] std::int64_t to_number(WallTime time);
[[nodiscard]] WallTime to_time(std::int64_t number);

/// The beginning of a statement whose rows entry_of() reads.
inline constexpr std::string_view entry_columns =
    "SELECT event, callback, state, attempts, next_at, message, verdict, needs_secret, api_base, place, "
    "sealed IS NOT NULL, recorded_at, changed_at FROM events ";

Result<Entry> entry_of(const Statement& row);

/// not_found where there is none.
Result<Entry> existing_entry(const Database& database, const std::string& id);

/// Adds an event, or renews the place and the sealed token of one that is pending. `event` has its id.
Result<void> insert_event(const Database& database, const NewEvent& fresh, const Event& event,
                          const std::string& repository, const std::optional<std::string>& sealed, std::int64_t now);

}  // namespace r8scan::action
