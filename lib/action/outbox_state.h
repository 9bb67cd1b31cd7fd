// What an open Outbox works with, for the files that implement it: the database under a lock, and transactions on it.
#pragma once

#include "action/outbox.h"
#include "action/owners.h"
#include "action/sealed_token.h"
#include "action/sqlite.h"
#include "util/file.h"

#include <mutex>

namespace r8scan::action {

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
    Result<Entry> change_idle(const std::string& id, const char* sql);

    OutboxOptions options;
    std::mutex mutex;
    Database database;
    Owners owners;
};

}  // namespace r8scan::action
