// Turns offsets into lines and columns, going forward through content.
#pragma once

#include <r8scan/finding.h>

#include "util/bytes.h"

namespace r8scan {

/// Counts lines and code points. Content may come in windows; offsets count from the beginning of the stream.
class PositionCounter {
public:
    /// Goes on to `offset` (not before the last one) of content, whose first byte is at `content_begin` in the stream.
    void advance(Bytes content, std::uint64_t content_begin, std::uint64_t offset);
    [[nodiscard]] std::uint64_t offset() const { return m_offset; }
    [[nodiscard]] std::uint64_t line() const { return m_line; }
    [[nodiscard]] std::uint64_t column() const { return m_column; }

private:
    std::uint64_t m_offset = 0;
    std::uint64_t m_line = 1;
    std::uint64_t m_column = 1;
};

/// The same in text of 2 or 4 bytes a character, as an editor shows it: from the beginning of content, counting whole
/// characters of `unit` bytes that lie in phase with begin. `big_endian` says which byte of a unit is the high one.
[[nodiscard]] Position wide_position(Bytes content, std::uint64_t begin, std::uint64_t end, std::size_t unit,
                                     bool big_endian);

}  // namespace r8scan
