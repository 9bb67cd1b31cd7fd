#include "match/sqlite_record.h"

#include <algorithm>
#include <optional>

namespace r8scan {

namespace {

constexpr std::size_t farthest = 1024;
constexpr std::size_t largest_header = 127;  // a header of more columns has a size of two bytes: not looked for
constexpr unsigned longest_varint = 9;

// A big-endian number of seven bits a byte; moves `at` behind it. Nothing where it reaches `end`.
std::optional<std::uint64_t> varint(Bytes content, std::size_t& at, std::size_t end)
{
    std::uint64_t value = 0;
    for (unsigned i = 0; i < longest_varint && at < end; ++i) {
        const auto byte = std::to_integer<std::uint64_t>(content[at++]);
        value = (value << 7U) | (byte & 0x7fU);
        if ((byte & 0x80U) == 0) {
            return value;
        }
    }
    return std::nullopt;
}

// Bytes that a column of this serial type takes.
std::uint64_t size_of(std::uint64_t serial)
{
    constexpr std::uint64_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
    return serial < 12 ? sizes[serial] : (serial - 12) / 2;
}

// Whether a record header begins at `header` in which a text of `length` bytes begins at `begin`.
bool header_fits(Bytes content, std::size_t header, std::size_t begin, std::size_t length)
{
    const auto size = std::to_integer<std::size_t>(content[header]);
    if (size < 2 || size > largest_header || header + size > begin) {
        return false;
    }
    const auto text = 2 * std::uint64_t{length} + 13;
    const auto end = header + size;
    std::uint64_t column = end;
    bool found = false;
    for (auto at = header + 1; at < end;) {
        const auto serial = varint(content, at, end);
        if (!serial || *serial == 10 || *serial == 11) {
            return false;
        }
        found = found || (column == begin && *serial == text);
        column += size_of(*serial);
        if (!found && column > begin) {
            return false;
        }
    }
    return found;
}

}  // namespace

bool is_sqlite_text(Bytes content, std::size_t begin, std::size_t end)
{
    const auto first = begin - std::min(begin, farthest);
    for (auto header = begin; header-- > first;) {
        if (header_fits(content, header, begin, end - begin)) {
            return true;
        }
    }
    return false;
}

}  // namespace r8scan
