#include "util/suggest.h"

#include <doctest/doctest.h>

#include <array>

using namespace r8scan;

TEST_CASE("suggest: the edit distance counts inserted, removed, replaced and swapped letters")
{
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("git", "git") == 0);
    CHECK(edit_distance("", "git") == 3);
    CHECK(edit_distance("gt", "git") == 1);
    CHECK(edit_distance("giit", "git") == 1);
    CHECK(edit_distance("gut", "git") == 1);
    CHECK(edit_distance("gti", "git") == 1);
    CHECK(edit_distance("--fromat", "--format") == 1);
    CHECK(edit_distance("--stats", "--color") == 5);
}

TEST_CASE("suggest: the nearest known word is offered, and nothing where none is near")
{
    constexpr std::array<std::string_view, 3> known{"--format", "--color", "--jobs"};
    CHECK(nearest("--fromat", known) == "--format");
    CHECK(nearest("--colour", known) == "--color");
    CHECK(nearest("--job", known) == "--jobs");
    CHECK_FALSE(nearest("--frobnicate", known).has_value());
    CHECK_FALSE(nearest("x", known).has_value());
}
