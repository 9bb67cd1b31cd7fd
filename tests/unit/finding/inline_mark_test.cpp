#include "finding/inline_mark.h"

#include <doctest/doctest.h>

using namespace r8scan;

TEST_CASE("inline mark: ours and those of other scanners are understood")
{
    CHECK(inline_mark_in("key = x  # r8scan:allow") == "r8scan:allow");
    CHECK(inline_mark_in("key = x  // gitleaks:allow") == "gitleaks:allow");
    CHECK(inline_mark_in("betterleaks:allow") == "betterleaks:allow");
    CHECK(inline_mark_in("trufflehog:ignore") == "trufflehog:ignore");
    CHECK(inline_mark_in("kingfisher:ignore") == "kingfisher:ignore");
    CHECK(inline_mark_in("# pragma: allowlist secret") == "pragma: allowlist secret");
    CHECK_FALSE(inline_mark_in("nothing of the kind").has_value());
    CHECK_FALSE(inline_mark_in("").has_value());
}

TEST_CASE("inline mark: the reason behind ours is kept without what ends the comment")
{
    CHECK(inline_mark_in("x # r8scan:allow made for the tests") == "r8scan:allow: made for the tests");
    CHECK(inline_mark_in("x /* r8scan:allow: made up */") == "r8scan:allow: made up");
    CHECK(inline_mark_in("<!-- r8scan:allow - sample -->") == "r8scan:allow: sample");
    CHECK(inline_mark_in("x # r8scan:allow\r") == "r8scan:allow");
    CHECK(inline_mark_in("x # r8scan:allow\nanother line") == "r8scan:allow");
    CHECK(inline_mark_in("r8scan:allow " + std::string(5000, 'y'))->size() == std::string("r8scan:allow: ").size() + 200);
    CHECK(reason_of_mark("r8scan:allow: made up") == "made up");
    CHECK(reason_of_mark("r8scan:allow") == "r8scan:allow");
    CHECK(reason_of_mark("gitleaks:allow") == "gitleaks:allow");
}

TEST_CASE("inline mark: a longer word is none")
{
    CHECK_FALSE(inline_mark_in("notr8scan:allow").has_value());
    CHECK_FALSE(inline_mark_in("r8scan:allowed").has_value());
    CHECK_FALSE(inline_mark_in("r8scan:allow-list").has_value());
    CHECK(inline_mark_in("r8scan:allowed r8scan:allow yes") == "r8scan:allow: yes");
}

TEST_CASE("inline mark: the first of several counts")
{
    CHECK(inline_mark_in("gitleaks:allow r8scan:allow why") == "gitleaks:allow");
    CHECK(inline_mark_in("r8scan:allow gitleaks:allow") == "r8scan:allow: gitleaks:allow");
}
