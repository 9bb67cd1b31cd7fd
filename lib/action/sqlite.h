// A thin layer over SQLite's C API (https://sqlite.org/c3ref/intro.html): handles that close themselves, errors as
// Result, text and blobs bound without copies.
//
// A Database is used by one thread at a time; who shares it holds a lock.
#pragma once

#include <r8scan/result.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace r8scan::action {

/// One prepared statement. Bound text must live until the statement has been run.
class Statement {
public:
    Statement(sqlite3* database, sqlite3_stmt* statement) : m_database(database), m_statement(statement) {}

    Statement& bind(int index, std::string_view text);
    Statement& bind(int index, std::int64_t number);
    Statement& bind(int index, const std::optional<std::int64_t>& number);
    Statement& bind_blob(int index, std::string_view bytes);
    Statement& bind_null(int index);

    /// True: there is a row. False: it is done.
    Result<bool> step();
    /// Runs to the end.
    Result<void> run();

    [[nodiscard]] std::string text(int column) const;  // of a blob, its bytes; of NULL, nothing
    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] bool is_null(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    sqlite3* m_database;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

class Database {
public:
    /// The file must be there. How long it waits for another process that writes: `busy_ms`.
    static Result<Database> open(const std::filesystem::path& file, int busy_ms);

    /// Statements without parameters, one or several.
    Result<void> execute(const char* sql);
    Result<Statement> prepare(std::string_view sql) const;
    /// Rows that the last statement changed.
    [[nodiscard]] int changes() const;

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    explicit Database(sqlite3* database) : m_database(database) {}
    std::unique_ptr<sqlite3, Close> m_database;
};

/// A transaction that takes the right to write at once, so that nothing read in it is old when it is written. Rolled
/// back unless it was committed.
class Transaction {
public:
    static Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    /// Durable when it returns, as far as `PRAGMA synchronous` says.
    Result<void> commit();

private:
    explicit Transaction(Database& database) : m_database(&database) {}
    Database* m_database;
};

}  // namespace r8scan::action
