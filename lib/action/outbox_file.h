// The file behind the outbox: made private, opened, brought to the schema that this program knows.
//
// `PRAGMA user_version` is the version of the schema, `application_id` says that the database is an outbox at all.
#pragma once

#include "action/sqlite.h"

namespace r8scan::action {

/// The version that this program writes.
inline constexpr int outbox_schema = 1;

/// Opens the outbox and makes it where it is not there: WAL, synchronous FULL, mode 0600, its folder 0700. unsupported:
/// a newer program wrote it. damaged: no outbox.
Result<Database> open_outbox_file(const std::filesystem::path& file);

}  // namespace r8scan::action
