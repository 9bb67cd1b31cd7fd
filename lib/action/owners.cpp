#include "action/owners.h"

#include "action/private_file.h"

#include <fcntl.h>

#include <cerrno>
#include <vector>

namespace r8scan::action {
namespace {

struct flock byte_of(std::int64_t owner)
{
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = static_cast<off_t>(owner);
    lock.l_len = 1;
    return lock;
}

/// An owner's claims, and then its number. Within a transaction.
Result<void> give_up(Database& database, std::int64_t owner)
{
    for (const char* const sql :
         {"UPDATE events SET owner = NULL WHERE owner = ?", "DELETE FROM owners WHERE id = ?"}) {
        auto statement = database.prepare(sql);
        const Result<void> done = statement ? statement->bind(1, owner).run() : Result<void>(statement.error());
        if (!done) {
            return done;
        }
    }
    return {};
}

}  // namespace

Result<Owners> Owners::open(const std::filesystem::path& outbox)
{
    std::filesystem::path path = outbox.native() + "-owners";
    if (auto made = make_private_file(path); !made) {
        return made.error().within("outbox");
    }
    UniqueFd file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (file.get() < 0) {
        return system_error(path, errno).within("outbox");
    }
    return Owners(std::move(file), std::move(path));
}

Result<std::int64_t> Owners::self(Database& database)
{
    if (m_self != 0) {
        return m_self;
    }
    auto transaction = Transaction::begin(database);
    auto insert =
        transaction ? database.execute("INSERT INTO owners DEFAULT VALUES") : Result<void>(transaction.error());
    auto select = insert ? database.prepare("SELECT last_insert_rowid()") : Result<Statement>(insert.error());
    const Result<bool> row = select ? select->step() : Result<bool>(select.error());
    if (!row) {
        return row.error();
    }
    const std::int64_t number = select->number(0);
    // Nobody sees the number before the transaction is committed, so nobody has seen it unlocked.
    struct flock lock = byte_of(number);
    if (::fcntl(m_file.get(), F_OFD_SETLK, &lock) != 0) {
        return system_error(m_path, errno);
    }
    if (auto committed = transaction->commit(); !committed) {
        lock.l_type = F_UNLCK;
        (void)::fcntl(m_file.get(), F_OFD_SETLK, &lock);
        return committed.error();
    }
    m_self = number;
    return number;
}

void Owners::leave(Database& database)
{
    if (m_self == 0) {
        return;
    }
    // Both or neither. Where this fails the lock goes all the same, and the next process clears up.
    if (auto transaction = Transaction::begin(database); transaction && give_up(database, m_self)) {
        (void)transaction->commit();
    }
    m_self = 0;
}

Result<bool> Owners::lives(std::int64_t owner) const
{
    struct flock lock = byte_of(owner);
    if (::fcntl(m_file.get(), F_OFD_GETLK, &lock) != 0) {
        return system_error(m_path, errno);
    }
    return lock.l_type != F_UNLCK;
}

Result<void> Owners::void_dead_claims(Database& database)
{
    auto all = database.prepare("SELECT id FROM owners");
    if (!all) {
        return all.error();
    }
    std::vector<std::int64_t> dead;
    for (;;) {
        const Result<bool> row = all->step();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            break;
        }
        const std::int64_t owner = all->number(0);
        const Result<bool> alive = owner == m_self ? Result<bool>(true) : lives(owner);
        if (!alive) {
            return alive.error();
        }
        if (!*alive) {
            dead.push_back(owner);
        }
    }
    for (const std::int64_t owner : dead) {
        if (auto done = give_up(database, owner); !done) {
            return done;
        }
    }
    // Claims of nobody: an earlier version could leave them behind on a full disk.
    return database.execute(
        "UPDATE events SET owner = NULL WHERE owner IS NOT NULL AND owner NOT IN (SELECT id FROM owners)");
}

}  // namespace r8scan::action
