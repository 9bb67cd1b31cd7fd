#include "util/escape.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace r8scan;
using namespace std::string_literals;

namespace {

struct Row {
    std::string what;
    std::string raw;
    std::string path;      // utf8_or_hex
    std::string terminal;  // escape_for_terminal
};

std::vector<Row> table()
{
    return {
        {"plain text", "src/app.py", "src/app.py", "src/app.py"},
        {"nothing", "", "", ""},
        {"two, three and four bytes", "é€😀", "é€😀", "é€😀"},
        {"joiners, which are spelling", "\u200d\u200c", "\u200d\u200c", "\u200d\u200c"},
        {"Latin-1", "caf\xe9.txt", "caf\\xe9.txt", "caf\\xe9.txt"},
        {"an overlong slash", "\xc0\xaf", "\\xc0\\xaf", "\\xc0\\xaf"},
        {"an overlong form of three bytes", "\xe0\x80\xaf", "\\xe0\\x80\\xaf", "\\xe0\\x80\\xaf"},
        {"an overlong form of four bytes", "\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf", "\\xf0\\x80\\x80\\xaf"},
        {"a surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80"},
        {"beyond the last code point", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "\\xf4\\x90\\x80\\x80"},
        {"a cut sequence", "a\xe2\x82", "a\\xe2\\x82", "a\\xe2\\x82"},
        {"a sequence cut by a letter", "\xe2\x82z", "\\xe2\\x82z", "\\xe2\\x82z"},
        {"a lone continuation", "\x80", "\\x80", "\\x80"},
        {"newline, return, tab", "a\nb\rc\td", "a\nb\rc\td", "a\\nb\\rc\\td"},
        {"a colour sequence", "\x1b[31mred", "\x1b[31mred", "\\x1b[31mred"},
        {"bell, backspace, NUL, DEL", "\a\b\0\x7f"s, "\a\b\0\x7f"s, "\\x07\\x08\\x00\\x7f"},
        {"C1 control sequence introducer", "\u009b31m", "\u009b31m", "\\u009b31m"},
        {"text turned around", "\u202egpj.exe", "\u202egpj.exe", "\\u202egpj.exe"},
        {"an isolate", "\u2066x\u2069", "\u2066x\u2069", "\\u2066x\\u2069"},
        {"line separator", "a\u2028b", "a\u2028b", "a\\u2028b"},
        {"zero-width space and byte order mark", "\u200b\ufeff", "\u200b\ufeff", "\\u200b\\ufeff"},
        {"a workflow command", "::error::x", "::error::x", "\\x3a:error::x"},
        {"one behind blanks", " \u2003::error", " \u2003::error", " \u2003\\x3a:error"},
        {"colons inside", "std::size_t", "std::size_t", "std::size_t"},
        {"logging commands", "a ##vso[x] ###[b]", "a ##vso[x] ###[b]", "a \\x23#vso[x] #\\x23#[b]"},
        {"hashes", "## a [b] ##c d #[", "## a [b] ##c d #[", "## a [b] ##c d #["},
        {"a tag character", "\U000e0041", "\U000e0041", "\\U000e0041"},
    };
}

}  // namespace

TEST_CASE("escape: bytes that are not UTF-8 become hex and controls never reach a terminal")
{
    for (const Row& row : table()) {
        CAPTURE(row.what);
        CHECK(utf8_or_hex(row.raw) == row.path);
        CHECK(escape_for_terminal(row.raw) == row.terminal);
    }
}

TEST_CASE("escape: JSON text keeps its value and holds nothing that a terminal acts on")
{
    for (const Row& row : table()) {
        CAPTURE(row.what);
        const std::string safe = escape_json_text(nlohmann::json(utf8_or_hex(row.raw)).dump());
        CHECK(nlohmann::json::parse(safe).get<std::string>() == row.path);
        CHECK(escape_for_terminal(safe) == safe);
    }
}

TEST_CASE("escape: every single byte and every pair of bytes gives one line of UTF-8")
{
    for (unsigned first = 0; first < 256; ++first) {
        for (unsigned second = 0; second < 256; ++second) {
            const std::string raw{static_cast<char>(first), static_cast<char>(second)};
            const std::string shown = escape_for_terminal(raw);
            REQUIRE(utf8_or_hex(shown) == shown);
            REQUIRE(escape_for_terminal(shown) == shown);
            REQUIRE_NOTHROW((void)nlohmann::json(utf8_or_hex(raw)).dump());
        }
    }
}

TEST_CASE("escape: the decoder and the JSON library agree on what is UTF-8, for all leading triples")
{
    for (unsigned first = 0xc0; first < 256; ++first) {
        for (unsigned second = 0x70; second < 0xd0; ++second) {
            for (const char* rest : {"", "\x80", "\x80\x80", "\xbf\xbf"}) {
                const std::string raw = std::string{static_cast<char>(first), static_cast<char>(second)} + rest;
                REQUIRE_NOTHROW((void)nlohmann::json(utf8_or_hex(raw)).dump());
            }
        }
    }
}
