#include "token_store.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace {

constexpr const char* schema = R"(
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS token (
        hash TEXT PRIMARY KEY, name TEXT NOT NULL, owner TEXT NOT NULL, active INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS event (
        id TEXT PRIMARY KEY, hash TEXT NOT NULL, answer INTEGER NOT NULL, times INTEGER NOT NULL);
)";

void require(bool done, sqlite3* database)
{
    if (!done) {
        throw std::runtime_error(std::string("database: ") + sqlite3_errmsg(database));
    }
}

void execute(sqlite3* database, const char* sql)
{
    require(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK, database);
}

/// One statement. Bound text must live until it has run.
class Statement {
public:
    Statement(sqlite3* database, const char* sql) : m_database(database)
    {
        sqlite3_stmt* made = nullptr;
        require(sqlite3_prepare_v2(database, sql, -1, &made, nullptr) == SQLITE_OK, database);
        m_statement.reset(made);
    }
    Statement& bind(int index, std::string_view text)
    {
        const auto size = static_cast<int>(text.size());
        require(sqlite3_bind_text(m_statement.get(), index, text.data(), size, SQLITE_STATIC) == SQLITE_OK, m_database);
        return *this;
    }
    Statement& bind(int index, std::int64_t number)
    {
        require(sqlite3_bind_int64(m_statement.get(), index, number) == SQLITE_OK, m_database);
        return *this;
    }
    /// True: there is a row.
    bool step()
    {
        const int code = sqlite3_step(m_statement.get());
        require(code == SQLITE_ROW || code == SQLITE_DONE, m_database);
        return code == SQLITE_ROW;
    }
    [[nodiscard]] std::int64_t number(int column) const { return sqlite3_column_int64(m_statement.get(), column); }
    [[nodiscard]] std::string text(int column) const
    {
        return reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
    }

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    sqlite3* m_database;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

/// Takes the right to write at once; undone unless it was committed.
class Transaction {
public:
    explicit Transaction(sqlite3* database) : m_database(database) { execute(database, "BEGIN IMMEDIATE"); }
    ~Transaction()
    {
        if (m_database != nullptr) {
            sqlite3_exec(m_database, "ROLLBACK", nullptr, nullptr, nullptr);
        }
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit()
    {
        execute(m_database, "COMMIT");
        m_database = nullptr;
    }

private:
    sqlite3* m_database;
};

std::string sha256_hex(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 failed");
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
        hex += digits[digest[i] >> 4U];
        hex += digits[digest[i] & 15U];
    }
    return hex;
}

/// 37 random letters and digits behind the prefix of a Replicate token.
std::string made_up_token()
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    constexpr std::size_t length = 40;
    constexpr unsigned char even = 256 / 62 * 62;  // bytes above would favour the first letters
    std::string token = "r8";
    token += '_';
    while (token.size() < length) {
        unsigned char byte = 0;
        if (RAND_bytes(&byte, 1) != 1) {
            throw std::runtime_error("no random bytes");
        }
        if (byte < even) {
            token += alphabet[byte % alphabet.size()];
        }
    }
    return token;
}

}  // namespace

void TokenStore::Close::operator()(sqlite3* database) const
{
    sqlite3_close_v2(database);
}

TokenStore::TokenStore(const std::filesystem::path& file)
{
    constexpr int wait_ms = 10'000;  // while tokens are issued by another process
    const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (made < 0) {
        throw std::runtime_error("cannot write " + file.string());
    }
    ::close(made);
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    m_database.reset(raw);
    require(code == SQLITE_OK, raw);
    sqlite3_busy_timeout(raw, wait_ms);
    execute(raw, schema);
}

std::vector<std::string> TokenStore::issue(std::int64_t count, std::int64_t active)
{
    const std::lock_guard lock(m_mutex);
    Transaction transaction(m_database.get());
    Statement known(m_database.get(), "SELECT count(*) FROM token");
    known.step();
    const std::int64_t first = known.number(0);
    std::vector<std::string> tokens;
    for (std::int64_t i = 0; i < count; ++i) {
        tokens.push_back(made_up_token());
        const std::string hash = sha256_hex(tokens.back());
        const std::string number = std::to_string(first + i + 1);
        const std::string name = "demo " + number;
        const std::string owner = "owner-" + number;
        Statement(m_database.get(), "INSERT INTO token (hash, name, owner, active) VALUES (?, ?, ?, ?)")
            .bind(1, hash)
            .bind(2, name)
            .bind(3, owner)
            .bind(4, static_cast<std::int64_t>(i < active))
            .step();
    }
    transaction.commit();
    return tokens;
}

std::optional<Account> TokenStore::account_of(std::string_view token)
{
    const std::string hash = sha256_hex(token);
    const std::lock_guard lock(m_mutex);
    Statement found(m_database.get(), "SELECT owner, name FROM token WHERE hash = ? AND active");
    return found.bind(1, hash).step() ? std::optional(Account{found.text(0), found.text(1)}) : std::nullopt;
}

TokenStore::Answer TokenStore::disable(std::string_view token_sha256, std::string_view event_id)
{
    const std::lock_guard lock(m_mutex);
    Transaction transaction(m_database.get());
    Answer answer;
    Statement token(m_database.get(), "SELECT owner, name, active FROM token WHERE hash = ?");
    if (token.bind(1, token_sha256).step()) {
        answer.account = {token.text(0), token.text(1)};
        answer.what = token.number(2) != 0 ? Disabled::now : Disabled::before;
    }
    Statement(m_database.get(), "UPDATE token SET active = 0 WHERE hash = ?").bind(1, token_sha256).step();
    Statement(m_database.get(),
              "INSERT INTO event (id, hash, answer, times) VALUES (?, ?, ?, 1) "
              "ON CONFLICT (id) DO UPDATE SET times = times + 1")
        .bind(1, event_id)
        .bind(2, token_sha256)
        .bind(3, static_cast<std::int64_t>(answer.what))
        .step();
    Statement first(m_database.get(), "SELECT answer FROM event WHERE id = ?");
    first.bind(1, event_id).step();
    answer.what = static_cast<Disabled>(first.number(0));
    transaction.commit();
    return answer;
}

Counts TokenStore::counts()
{
    const std::lock_guard lock(m_mutex);
    Counts counts;
    Statement tokens(m_database.get(), "SELECT count(*), coalesce(sum(active), 0) FROM token");
    tokens.step();
    counts.issued = tokens.number(0);
    counts.active = tokens.number(1);
    Statement events(m_database.get(),
                     "SELECT count(*), coalesce(sum(times - 1), 0), coalesce(sum(answer = 0), 0), "
                     "coalesce(sum(answer = 1), 0), coalesce(sum(answer = 2), 0) FROM event");
    events.step();
    counts.events = events.number(0);
    counts.repeated = events.number(1);
    counts.disabled = events.number(2);
    counts.already_disabled = events.number(3);
    counts.never_issued = events.number(4);
    return counts;
}
