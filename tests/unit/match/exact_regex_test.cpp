// One expression, exactly: the dialect, the groups, bytes that are no text, and what takes too long.
#include "match/exact_regex.h"

#include <doctest/doctest.h>

using namespace r8scan;

namespace {

// "begin-end secret_begin-secret_end" of the first match from there on; "none" or "gave up".
std::string first_match(std::string_view expression, std::string_view subject, unsigned group = 0, std::size_t from = 0)
{
    const auto regex = ExactRegex::compile(expression);
    REQUIRE_MESSAGE(regex.ok(), expression);
    MatchState state;
    ExactRegex::Match match;
    switch (regex->next(subject, from, group, state, match)) {
        case ExactRegex::Outcome::none:
            return "none";
        case ExactRegex::Outcome::gave_up:
            return "gave up";
        case ExactRegex::Outcome::found:
            break;
    }
    return std::to_string(match.begin) + "-" + std::to_string(match.end) + " " + std::to_string(match.secret_begin) +
           "-" + std::to_string(match.secret_end);
}

}  // namespace

TEST_CASE("an expression means what it means in RE2: the dot stops at lines, the dollar is the end of the text")
{
    CHECK(first_match("a.c", "a\nc abc") == "4-7 4-7");
    CHECK(first_match("(?s)a.c", "a\nc") == "0-3 0-3");
    CHECK(first_match("a$", "a\n") == "none");
    CHECK(first_match("a$", "ba") == "1-2 1-2");
    CHECK(first_match("(?m)a$", "a\n") == "0-1 0-1");
    CHECK(first_match("(?i)KEY", "a key") == "2-5 2-5");
    CHECK(first_match("b", "abab", 0, 2) == "3-4 3-4");
}

TEST_CASE("the secret is the group asked for, or the first that holds anything, or all")
{
    CHECK(first_match("a(b)(c)", "abc") == "0-3 1-2");
    CHECK(first_match("a(b)(c)", "abc", 2) == "0-3 2-3");
    CHECK(first_match("a(?:(b)|(c))", "ac") == "0-2 1-2");
    CHECK(first_match("a()(b)", "ab") == "0-2 1-2");
    CHECK(first_match("abc", "abc") == "0-3 0-3");
}

TEST_CASE("subjects are bytes, whatever they say")
{
    using namespace std::string_literals;
    CHECK(first_match("r8_[a-z]{3}", "\xff\xc3r8_abc\x80"s) == "2-8 2-8");
    CHECK(first_match("b", "a\0b"s) == "2-3 2-3");
    CHECK(first_match("a", "") == "none");
}

TEST_CASE("an attempt without end is given up, and said so")
{
    CHECK(first_match("^(a+)+$", std::string(5000, 'a') + "b") == "gave up");
    const auto regex = ExactRegex::compile("^(a+)+$");
    MatchState state;
    CHECK(!regex->matches(std::string(5000, 'a') + "b", state));
    CHECK(regex->matches("aaa", state));
}

TEST_CASE("a mistake in an expression is named with its place")
{
    const auto regex = ExactRegex::compile("ab(c");
    REQUIRE(!regex.ok());
    CHECK(regex.error().message().find("character 5") != std::string::npos);
    CHECK(!ExactRegex::compile("[a").ok());
    CHECK(ExactRegex::compile("(a)(b)")->groups() == 2);
}
