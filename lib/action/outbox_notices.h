// Notices of one token to one callback: which are new events, and which stand in the place of an earlier one.
//
// A notice about a repository that no notice named is new. So is a correction: who was told that a token is not
// disabled is told once more when it is.
#pragma once

#include "action/outbox.h"
#include "action/sqlite.h"

namespace r8scan::action {

/// The id of a correction. `repository` as it is stored.
[[nodiscard]] std::string correction_id(const Event& about, const std::string& callback, const std::string& repository);

/// The id under which a notice is recorded, which is that of an earlier one about the same.
Result<std::string> notice_id(const Database& database, const NewEvent& fresh, const std::string& repository);

/// Gives up what still waits to be sent and what the correction `id` says better.
Result<void> give_way_to_correction(Database& database, const std::string& id, const std::string& token_sha256,
                                    const std::string& callback, const std::string& repository, std::int64_t now);

}  // namespace r8scan::action
