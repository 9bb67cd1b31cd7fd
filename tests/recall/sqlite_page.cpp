// A database of two pages. See sqlite_page.h.
#include "tests/recall/sqlite_page.h"

#include <stdexcept>

namespace r8scan::test {
namespace {

using namespace std::string_literals;

constexpr std::size_t page_size = 1024;
constexpr std::size_t file_header = 100;

std::string big_endian(std::size_t value, std::size_t bytes)
{
    std::string out;
    for (std::size_t i = bytes; i-- > 0;) {
        out += i < sizeof(value) ? static_cast<char>((value >> (8 * i)) & 0xffU) : char{0};
    }
    return out;
}

// Of one byte or two: up to 16383.
std::string varint(std::size_t value)
{
    std::string out;
    if (value > 127) {
        out += static_cast<char>(0x80U | (value >> 7U));
    }
    return out + static_cast<char>(value & 0x7fU);
}

// A record: its header says the types, then the values follow without anything between.
std::string cell(const SqliteRow& row)
{
    std::string types;
    std::string values;
    for (const auto& column : row) {
        if (const auto* text = std::get_if<std::string>(&column)) {
            types += varint(13 + 2 * text->size());
            values += *text;
        } else {
            types += '\x01';
            values += static_cast<char>(std::get<int>(column));
        }
    }
    const auto payload = varint(types.size() + 1) + types + values;
    return varint(payload.size()) + varint(1) + payload;
}

// A leaf of a table with one cell, at the end of the page.
std::string leaf(const std::string& before, const SqliteRow& row)
{
    const auto content = cell(row);
    const auto at = page_size - content.size();
    auto page = before + "\x0d\0\0\0\x01"s + big_endian(at, 2) + "\0"s + big_endian(at, 2);
    page.resize(at);
    return page + content;
}

}  // namespace

std::string sqlite_database(const SqliteRow& row)
{
    auto header = "SQLite format 3\0"s + big_endian(page_size, 2) + "\x01\x01\0\x40\x20\x20"s + big_endian(1, 4) +
                  big_endian(2, 4) + big_endian(0, 8) + big_endian(1, 4) + big_endian(4, 4) + big_endian(0, 8) +
                  big_endian(1, 4) + big_endian(0, 32) + big_endian(1, 4) + big_endian(3040001, 4);
    if (header.size() != file_header) {
        throw std::logic_error("the header of a sqlite file has 100 bytes");
    }
    std::string columns;
    for (std::size_t i = 0; i < row.size(); ++i) {
        columns += (i == 0 ? "" : ", ") + "c"s + std::to_string(i);
    }
    return leaf(header, {"table"s, "t"s, "t"s, 2, "CREATE TABLE t (" + columns + ")"}) + leaf("", row);
}

}  // namespace r8scan::test
