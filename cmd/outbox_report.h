// Entries of the outbox as text for people and as JSON Lines for programs.
#pragma once

#include "action/outbox.h"

#include <string>

namespace r8scan::cmd {

/// One line: id, state, what it is about, and how it stands.
[[nodiscard]] std::string entry_text(const action::Entry& entry);

/// One JSON object on a line: `type` ("event"), `event_id`, `state`, `stage`, `callback`, `rule`, `redacted`,
/// `token_sha256`, `repository`, `attempts`, `next_at`, `message`, `verdict`, `recorded_at`, `changed_at`.
[[nodiscard]] std::string entry_json(const action::Entry& entry);

}  // namespace r8scan::cmd
