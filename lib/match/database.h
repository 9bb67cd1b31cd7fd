// A compiled Hyperscan database: carried inside the program, read from a cache folder, or compiled now.
//
// Compiling hundreds of rules takes seconds, so the result is kept under a name made of everything that it depends on:
// expressions, flags, the library's version and the processor. What the cache holds is checked before it is used and
// made anew where it is damaged; a folder that cannot be written only costs time.
#pragma once

#include <r8scan/result.h>

#include "util/bytes.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct hs_database;
struct hs_scratch;

namespace r8scan {

struct FreeDatabase {
    void operator()(hs_database* database) const;
};
using Database = std::unique_ptr<hs_database, FreeDatabase>;

struct FreeScratch {
    void operator()(hs_scratch* scratch) const;
};
using MatchScratch = std::unique_ptr<hs_scratch, FreeScratch>;

/// One expression of a database; its id is its number.
struct DatabaseExpression {
    std::string text;
    unsigned flags = 0;
    std::string origin;  // for messages: file and rule
};

/// Why a database could not be compiled; `expression` is the number of the one to blame, or -1.
struct CompileFailure {
    int expression = -1;
    std::string message;
};

/// Hex digest of everything that the database depends on.
[[nodiscard]] std::string database_key(const std::vector<DatabaseExpression>& expressions);

/// The database of these expressions, in block mode. An empty cache_dir means no cache. Where it fails and `failure` is
/// given, that says why.
Result<Database> make_database(const std::vector<DatabaseExpression>& expressions, const std::filesystem::path& cache_dir,
                               CompileFailure* failure = nullptr);

/// A compiled database as bytes, and the key under which make_database() looks for it.
struct SerialisedDatabase {
    std::string key;
    std::string bytes;
};

/// The bytes of a database, from which make_database() can load it again.
[[nodiscard]] std::string serialise(const hs_database* database);

/// Width of what an expression matches, in bytes.
struct ExpressionWidth {
    std::uint32_t least = 0;
    std::uint32_t most = 0;  // 0xffffffff where there is no bound
};
Result<ExpressionWidth> measure_expression(const std::string& expression, unsigned flags = 0);

/// A literal as an expression.
[[nodiscard]] std::string escape_literal(std::string_view literal);

/// Makes scratch that serves this database too. Throws std::bad_alloc.
void add_scratch(MatchScratch& scratch, const hs_database* database);

}  // namespace r8scan
