// The tokens that were issued: the hash of each, whose it is, and whether it still works. The tokens themselves are
// nowhere: who holds one shows it, and its hash is looked up. So a copy of this database opens nothing.
//
// Kept in SQLite with every change durable before it is told, so the service may be killed at any moment. Functions may
// be called from any thread and throw std::runtime_error where the database fails.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

struct Account {
    std::string owner;       // who holds the token
    std::string token_name;  // what the owner called it
};

/// What became of one request to disable a token.
enum class Disabled : std::uint8_t { now, before, never_issued };

struct Counts {
    std::int64_t issued = 0;
    std::int64_t active = 0;
    std::int64_t events = 0;            // requests to disable that differ in their id
    std::int64_t repeated = 0;          // and those that came again
    std::int64_t disabled = 0;          // tokens that such a request ended
    std::int64_t already_disabled = 0;  // events about a token that was dead when they came
    std::int64_t never_issued = 0;      // and about one that is not ours
};

class TokenStore {
public:
    /// Makes the file, readable for its owner alone, where it is not there.
    explicit TokenStore(const std::filesystem::path& file);

    /// Made-up tokens, of which the first `active` work and the others have been disabled. This is the only time that
    /// they are seen.
    std::vector<std::string> issue(std::int64_t count, std::int64_t active);

    /// Whose token it is; nothing where it was never issued, or is disabled.
    std::optional<Account> account_of(std::string_view token);

    struct Answer {
        Disabled what = Disabled::never_issued;
        Account account;
    };
    /// Disables the token with this SHA-256. An event that comes again gets its first answer.
    Answer disable(std::string_view token_sha256, std::string_view event_id);

    Counts counts();

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    std::mutex m_mutex;
    std::unique_ptr<sqlite3, Close> m_database;
};
