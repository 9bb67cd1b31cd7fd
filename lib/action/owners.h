// Owners: which processes send events of an outbox now, in a form that ends with them.
//
// An owner is a number that is never used again, and a lock on the byte at that offset of a file beside the outbox. The
// kernel drops the lock when the process ends, however it ends, so a claim of a number whose byte is not locked is
// void; no clock and no process id is trusted. Locks of open file descriptions (fcntl(2), F_OFD_SETLK): two outboxes in
// one process are two owners.
#pragma once

#include "action/sqlite.h"
#include "util/file.h"

namespace r8scan::action {

class Owners {
public:
    static Result<Owners> open(const std::filesystem::path& outbox);

    /// This owner's number; made and locked at the first call, in a transaction of its own.
    Result<std::int64_t> self(Database& database);

    /// Gives up the number and all claims, as a process does that ends in peace.
    void leave(Database& database);

    /// Voids the claims of owners that have ended. Within a transaction.
    Result<void> void_dead_claims(Database& database);

private:
    explicit Owners(UniqueFd file, std::filesystem::path path) : m_file(std::move(file)), m_path(std::move(path)) {}
    [[nodiscard]] Result<bool> lives(std::int64_t owner) const;

    UniqueFd m_file;
    std::filesystem::path m_path;
    std::int64_t m_self = 0;
};

}  // namespace r8scan::action
