// Texts in SQLite records stand side by side without anything between them: their lengths are in the record's header.
// Format: https://www.sqlite.org/fileformat2.html#record_format
#pragma once

#include "util/bytes.h"

namespace r8scan {

/// Whether content[begin, end) is exactly one text column of a record whose header stands at most 1 KiB before it.
[[nodiscard]] bool is_sqlite_text(Bytes content, std::size_t begin, std::size_t end);

}  // namespace r8scan
