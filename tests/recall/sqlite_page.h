// The smallest sqlite database with one table of one row, byte by byte.
// Format: https://www.sqlite.org/fileformat2.html
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace r8scan::test {

/// Columns: text of at most 57 characters, or numbers from 2 to 127 (0 and 1 take no byte).
using SqliteRow = std::vector<std::variant<std::string, int>>;

/// Two pages of 1024 bytes: the schema and the row.
[[nodiscard]] std::string sqlite_database(const SqliteRow& row);

}  // namespace r8scan::test
