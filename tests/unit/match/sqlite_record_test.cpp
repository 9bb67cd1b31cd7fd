// Records of SQLite, byte by byte as https://www.sqlite.org/fileformat2.html#record_format has them.
#include "match/sqlite_record.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace r8scan;

namespace {

// Header size, then a serial type for each column (text of n bytes: 13 + 2n, here below 128), then the bodies.
std::string record(const std::vector<std::string>& texts)
{
    std::string header;
    std::string body;
    for (const auto& text : texts) {
        header += static_cast<char>(13 + 2 * text.size());
        body += text;
    }
    return static_cast<char>(header.size() + 1) + header + body;
}

bool is_text(const std::string& content, const std::string& text)
{
    const auto at = content.rfind(text);
    REQUIRE(at != std::string::npos);
    return is_sqlite_text(as_bytes(content), at, at + text.size());
}

const std::string column(40, 'k');

}  // namespace

TEST_CASE("a text column is one wherever it stands in its record")
{
    CHECK(is_text(record({column}), column));
    CHECK(is_text(record({"name", column}), column));
    CHECK(is_text(record({"name", column, "behind"}), column));
    CHECK(is_text(std::string(500, '\x01') + record({"a", "b", column}), column));
}

TEST_CASE("a part of a column, or a text across two, is none")
{
    CHECK(!is_text(record({column + "x"}), column));
    CHECK(!is_text(record({"x" + column}), column));
    CHECK(!is_text(record({column.substr(0, 20), column.substr(20)}), column));
}

TEST_CASE("text without a header, or with one too far away, is none")
{
    CHECK(!is_text(column, column));
    CHECK(!is_text("plain words before " + column, column));
    CHECK(!is_sqlite_text({}, 0, 0));
}

TEST_CASE("a text too long for a size of one byte is a column too")
{
    const std::string text(100, 'k');
    const auto serial = 13 + 2 * text.size();
    const std::string header{'\x03', static_cast<char>(0x80U | (serial >> 7U)), static_cast<char>(serial & 0x7fU)};
    CHECK(is_text(header + text, text));
    CHECK(!is_text(header + text + "k", text));
}
