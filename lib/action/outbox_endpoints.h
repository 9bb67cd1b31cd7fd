// Rows of the outbox's table of endpoints: how many failures in a row each had, and until when it is left alone.
#pragma once

#include "action/outbox.h"
#include "action/sqlite.h"

namespace r8scan::action {

/// One that no row tells of has no failures.
Result<Endpoint> endpoint_of(const Database& database, const std::string& callback);

/// What a failure tells of the endpoint. Within a transaction.
Result<void> note_failure(Database& database, const std::string& callback, const Failure& failure, WallTime now);

}  // namespace r8scan::action
