// What stands beside a token, and what only looks like one. The samples below read like the tables of the
// documentation: neighbours before, neighbours behind, verdict. Each row of the tables must be missed by some sample.
#include "match/boundary.h"

#include "match/boundary_rows.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace r8scan;
using namespace r8scan::test;
using namespace std::string_literals;

namespace {

struct Sample {
    std::string before;
    std::string behind;
    std::string verdict;  // "high", "medium", "low" or "none"
    bool executable = false;
};

std::string verdict_by(const BoundaryTables& tables, const Sample& sample, std::size_t size = 40)
{
    std::string match = token(11);
    match.resize(size, 'q');
    const auto text = sample.before + match + sample.behind;
    const auto begin = sample.before.size();
    const auto judged = judge_boundary_with(tables, as_bytes(text), begin, begin + size, sample.executable);
    if (!judged) {
        return "none";
    }
    const bool says_why = judged->why[0] != '\0';
    CHECK(says_why == (judged->confidence != Confidence::high));
    return to_string(judged->confidence);
}

std::string verdict(const std::string& before, const std::string& behind)
{
    return verdict_by(boundary_tables(), {before, behind, ""});
}

std::string why(const std::string& before, const std::string& behind)
{
    const auto text = before + token(11) + behind;
    const auto judged = judge_boundary(as_bytes(text), before.size(), before.size() + 40, false);
    return judged ? judged->why : "none";
}

// In each row any of `before` with any of `behind` has the verdict.
struct Row {
    std::vector<std::string> before;
    std::vector<std::string> behind;
    std::string verdict;
    bool executable = false;
};

std::vector<Sample> samples_of(const std::vector<Row>& rows)
{
    std::vector<Sample> samples;
    for (const auto& row : rows) {
        for (const auto& before : row.before) {
            for (const auto& behind : row.behind) {
                samples.push_back({before, behind, row.verdict, row.executable});
            }
        }
    }
    return samples;
}

const std::vector<std::string> ends = {"", " ", "\"", "\\n"};
const std::vector<std::string> starts = {"", " ", "\"", "=", "a=", "\n"};
const std::string binary = "\x01 ";
const std::string esc = "\x1b[";

const std::vector<Row>& before_table()
{
    static const std::vector<Row> rows = {
        // start of data, or not [A-Za-z0-9_]
        {{"",  " ",  "\"", "'",        "`",    "=",   ":",       "/",      "@",     "(",       "[",
          "{", "<",  ">",  ",",        ";",    "|",   "#",       ".",      "\n",    "\t",      "\r",
          "-", "\\", "+",  "\xc3\xa9", "\xff", "\0"s, "my-app-", "&quot;", "&#34;", "\\u{22}", "Bearer%20Token ",
          "x:"},
         ends,
         "high"},
        // the last character of an escape
        {{"\\n", "\\t", "\\r", "\\f", "\\v", "\\b", "\\a", "\\e", "\\0", "x\\t", "\\\\n", "\\\\\\t", "\\\\\\\\n",
          "C:\\n"},
         ends,
         "high"},
        {{"\\x0a", "\\x22", "\\xAB", "\\\\x3d", "\\\\\\\\x3D"}, ends, "high"},
        {{"\\u0022", "\\u000A", "\\\\u003d", "\\\\\\\\u003D"}, ends, "high"},
        {{"\\U0000000a", "\\\\U0000003D"}, ends, "high"},
        {{"\\7", "\\12", "\\012", "\\042", "\\\\075"}, ends, "high"},
        {{"%22", "%3D", "%3d", "Bearer%20"}, ends, "high"},
        {{"%2522", "%253D", "%253d", "%252522", "%25252522"}, ends, "high"},
        {{"=3D", "=22", "=3d", "a=3D", "=0A"}, ends, "high"},
        // the final letter of a terminal escape sequence
        {{esc + "m",         esc + "32m",  esc + "0;32m",     esc + "38;2;255;100;0m",
          esc + "38:5:208m", esc + "K",    esc + "2J",        esc + "?25h",
          "\x1b(B",          "\\x1b[32m",  "\\x1B[32m",       "\\\\x1b[32m",
          "\\033[0m",        "\\33[0m",    "\\u001b[1m",      "\\u001B[1;31m",
          "\\e[1m",          "\\E[1m",     "\\u{1b}[1m",      "\\U0000001b[1m",
          "^[[32m",          "%1B[32m",    "%1B%5B32m",       "=1B[32m",
          "&#27;[32m",       "&#x1b;[32m", "\xef\xbf\xbd[32m"},
         ends,
         "high"},
        // _
        {{"_", "__", "FAKE_", "fake_", "my_", "REPLICATE_API_TOKEN_", "Fake_Token_", "myKey_", "v2_", "\\nFAKE_",
          "%22FAKE_", "\\x1b[32mFAKE_", "\\u000aFAKE_", "a-b_"},
         ends,
         "medium"},
        // a letter or digit, in text
        {{"a",          "cha",     "9",       "Z",      "n",          "\\q",    "\\xg0", "\\x0",
          "x0a",        "u0022",   "\\u022",  "\\u{22", "\\U000000a", "\\1234", "\\8",   "%2",
          "%G0",        "2522",    "=0",      "=0G",    "==3Dx",      "[32m",   "x[32m", "\\x1c[32m",
          esc + "32!m", "\03332m", esc + "3", "\x1b m", "\xc3\xa9t"},
         ends,
         "none"},
        // a letter or digit, in binary data
        {{binary + "a", "\0a"s, "\1779", "\x0bZ", "\377char", "\xc3(a", "\xed\xa0\x80z", "\xc0\x80z", "\xf5z",
          "\x01" + std::string(62, ' ') + "a"},
         ends,
         "low"},
        {{"a"}, {"\0"s, " \xff", std::string(63, ' ') + "\x02"}, "low"},
        {{"a", "\\q"}, ends, "low", true},
        // … but not further away
        {{"\x01" + std::string(64, ' ') + "a"}, {"", std::string(64, ' ') + "\x02"}, "none"},
        // a length prefix
        {{binary + "(", "\0("s, "\0\0\0("s, "(\0"s, "(\0\0\0"s, "(\0\0\0\0\0\0\0"s, "\0\0\0\0\0\0\0("s, "\x02\x03x(",
          "\xd9(", "\x0a\x01(", "\x01      ("},
         {"", "a", "Z9", "_old", "-aB3xYz9", "r8_"},
         "high"},
        // … which is ( in text
        {{"x(", "(", "\x01       (", "\n("}, {""}, "high"},
        {{"x(", "(", "d\n("}, {"a"}, "none"},
        {{"\x01       (", "\x01)", "\x01'"}, {"a"}, "low"},
        {{"x("}, {"a"}, "low", true},
    };
    return rows;
}

const std::vector<Row>& behind_table()
{
    static const std::vector<Row> rows = {
        // end of data, or not [A-Za-z0-9_]
        {starts,
         {"",         " ", ",",  ")",  "]",   "}",  "&",  "<",    "@",     ".",   "|",   "#",    ";",
          ":",        "/", "\\", "'",  "\"",  "`",  "\n", "\r\n", "=",     "%22", "\\n", "\0"s,  "\xff",
          "\xc3\xa9", "_", "-",  "_ ", "-\n", "--", "__", "-_-",  "-----", "_\"", "-.",  "?x=1", "…"},
         "high"},
        // _ or - then a letter or digit
        {starts,
         {"_old", "-old", "_1", "-v2", "-V2", "-OLD", "_Old", "-2024-01-31", "_old_2", "-oldKey", "-backupOfMyKey2",
          "_x", "-X", "-is", "_BY", "-550e8400-e29b-41d4-a716-446655440000"},
         "medium"},
        // a letter or digit in text
        {starts, {"a", "Z", "0", "ab", "abcde", std::string(300, 'x')}, "none"},
        // a letter or digit in binary data
        {starts, {"a\x01", "Z\0"s, "0\xff", "go.string\x02", "q\xe2\x82 "}, "low"},
        {{"\x01 ", "\0\""s, "\x01"}, {"a", "Z", "0"}, "low"},
        {starts, {"a"}, "low", true},
    };
    return rows;
}

const std::vector<Row>& around_table()
{
    static const std::vector<Row> rows = {
        // inside an unbroken base64url run of more than 200 characters
        {{"", "\"", "FAKE_"},
         {"-" + std::string(200, 'x'), "_" + std::string(170, 'a'), "-" + std::string(160, '1')},
         "low"},
        {{std::string(170, 'a') + "_", std::string(160, 'a') + "-", std::string(161, '-')},
         {"", "-" + std::string(80, 'a')},
         "low"},
        {{"\""}, {"-" + std::string(159, 'x')}, "medium"},
        {{std::string(159, 'x') + "-"}, {"\""}, "high"},
        // _ or - joins it to what is no words
        {{"", "\"", "\\n"},
         {"-aB", "-Ab", "-x9y", "_qWeRt", "-xK", "--aBc9", "_-7aT", "_old-x9Zq", "-gh", "-1a2B", "-9zz"},
         "low"},
        {{"aB-", "x9y_", "qWe9rT-", "Zq_old-", "tN8-", "xk-", "aBcD_"}, {"", "\"", "-old"}, "low"},
    };
    return rows;
}

void check_all(const std::vector<Row>& rows)
{
    for (const auto& sample : samples_of(rows)) {
        CHECK_MESSAGE(verdict_by(boundary_tables(), sample) == sample.verdict, sample.before << " T " << sample.behind);
    }
}

// The names of the rows that no sample misses when they are taken out.
std::vector<std::string> rows_not_missed(std::span<const BoundaryRow> BoundaryTables::*table)
{
    std::vector<Sample> samples;
    for (const auto* rows : {&before_table(), &behind_table(), &around_table()}) {
        const auto more = samples_of(*rows);
        samples.insert(samples.end(), more.begin(), more.end());
    }
    std::vector<std::string> survivors;
    const auto all = boundary_tables().*table;
    for (std::size_t out = 0; out < all.size(); ++out) {
        std::vector<BoundaryRow> rows(all.begin(), all.end());
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(out));
        auto tables = boundary_tables();
        tables.*table = rows;
        const bool missed = std::any_of(samples.begin(), samples.end(), [&](const Sample& sample) {
            return verdict_by(tables, sample) != sample.verdict;
        });
        if (!missed) {
            survivors.emplace_back(all[out].name);
        }
    }
    return survivors;
}

}  // namespace

TEST_CASE("what stands before a token decides")
{
    check_all(before_table());
}

TEST_CASE("what stands behind a token decides")
{
    check_all(behind_table());
}

TEST_CASE("a run of base64url around a token decides")
{
    check_all(around_table());
}

TEST_CASE("each row of the boundary tables is needed")
{
    CHECK(rows_not_missed(&BoundaryTables::before) == std::vector<std::string>{});
    CHECK(rows_not_missed(&BoundaryTables::behind) == std::vector<std::string>{});
    CHECK(rows_not_missed(&BoundaryTables::around) == std::vector<std::string>{});
}

TEST_CASE("the lower side decides, and says why")
{
    CHECK(why("FAKE_", "") == "an underscore stands before it");
    CHECK(why("", "_old") == "a word continues behind it");
    CHECK(why("FAKE_", "_old") == "an underscore stands before it");
    CHECK(why("FAKE_", "a\x01") == "a letter or digit stands behind it in binary data");
    CHECK(why("\x01 a", "_old") == "a letter or digit stands before it in binary data");
    CHECK(why("", "-" + std::string(200, 'x')) == "inside a long base64url run");
    CHECK(why("", "-aB3") == "inside random base64url characters");
    CHECK(why("", "") == "");
    CHECK(verdict("a", "_old") == "none");
    CHECK(verdict("FAKE_", "a") == "none");
    CHECK(verdict("\\n", "_old") == "medium");
}

TEST_CASE("a length prefix is that of the match, however long")
{
    const auto& tables = boundary_tables();
    CHECK(verdict_by(tables, {"\x01\x2a", "a", ""}, 42) == "high");
    CHECK(verdict_by(tables, {"\x01(", "a", ""}, 42) == "low");
    CHECK(verdict_by(tables,
                     {"\x01"
                      "a",
                      "b", ""},
                     97) == "high");
    CHECK(verdict_by(tables, {"\xda\x01\x2c", "a", ""}, 300) == "high");  // MessagePack
    CHECK(verdict_by(tables, {"\0\0\x01\x2c"s, "a", ""}, 300) == "high");
    CHECK(verdict_by(tables, {"\x2c\x01\0\0"s, "a", ""}, 300) == "high");
    CHECK(verdict_by(tables, {"\x01\x2c\x01", "a", ""}, 300) == "high");
    CHECK(verdict_by(tables, {"\x01\x2c", "a", ""}, 44) == "high");
}

TEST_CASE("text in UTF-8 is no binary data, wherever its neighbourhood is cut")
{
    for (const std::string letter : {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x99\x82"}) {
        std::string letters;
        while (letters.size() < 80) {
            letters += letter;
        }
        for (std::size_t shift = 0; shift < 8; ++shift) {
            const std::string pad(shift, ' ');
            CHECK(verdict(letters + pad + "a", "") == "none");
            CHECK(verdict("", std::string("a").append(pad).append(letters)) == "none");
        }
        CHECK(verdict("", "a" + letter.substr(0, letter.size() - 1)) == "low");
        CHECK(verdict("", "a" + letter.substr(1)) == "low");
        CHECK(verdict(letter.substr(1) + "a", "") == "low");
    }
    CHECK(verdict("\t\n\f\r\b\x1b"
                  "a",
                  "") == "none");
}

TEST_CASE("a match at an edge of its content is judged by what is there")
{
    const auto text = token(11);
    CHECK(judge_boundary(as_bytes(text), 0, 40, false)->confidence == Confidence::high);
    CHECK(judge_boundary(as_bytes(text), 0, 0, true)->confidence == Confidence::low);
    CHECK_FALSE(judge_boundary(as_bytes(text), 0, 0, false).has_value());
    CHECK_FALSE(judge_boundary(as_bytes(text), 40, 40, false).has_value());
    CHECK(judge_boundary({}, 0, 0, false)->confidence == Confidence::high);
}

TEST_CASE("executables and class files are told by how they begin")
{
    const auto begins = [](const std::string& head) { return begins_as_executable(as_bytes(head)); };
    for (const auto& head : {"\x7f"
                             "ELF\x02\x01"s,
                             "\xfe\xed\xfa\xce"s, "\xfe\xed\xfa\xcf"s, "\xce\xfa\xed\xfe"s, "\xcf\xfa\xed\xfe"s,
                             "\xca\xfe\xba\xbe\0\0\0\x34"s, "\xca\xfe\xba\xbf"s, "\0asm\x01\0\0\0"s,
                             "MZ\x90\0\x03\0\0\0"s, "MZ" + std::string(58, ' ') + "\x80\0\0\0PE\0\0"s}) {
        CHECK(begins(head));
    }
    for (const auto& head :
         {""s,
          "\x7f"
          "EL"s,
          "ELF"s, "MZ"s, "M"s, "MZ is a magic number of two letters, which text may begin with as well"s,
          "MZ" + std::string(61, ' ') + "\xc3\xa9 "s, "#!/bin/sh\n"s, "\0as"s, "PK\x03\x04"s}) {
        CHECK_FALSE(begins(head));
    }
}
