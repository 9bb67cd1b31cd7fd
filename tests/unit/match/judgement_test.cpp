// What stands beside a token, and what only looks like one.
#include "match/boundary.h"
#include "match/placeholder.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;
using namespace r8scan::test;

namespace {

// "high", "medium", "low", or "none" for 40 bytes between two neighbours.
std::string verdict(const std::string& left, const std::string& right)
{
    const auto text = left + token(11) + right;
    const auto judged = judge_boundary(as_bytes(text), left.size(), left.size() + 40);
    return judged ? to_string(judged->confidence) : "none";
}

}  // namespace

TEST_CASE("what stands before a token decides")
{
    CHECK(verdict("", "") == "high");
    for (const char* left : {" ", "\"", "=", ":", "/", "@", "(", "\n", "-", "\xff", "\\n", "x\\t", "\\\\n"}) {
        CHECK_MESSAGE(verdict(left, "") == "high", left);
    }
    CHECK(verdict("FAKE_", "") == "medium");
    for (const char* left : {"a", "cha", "9", "\\q", "n"}) {
        CHECK_MESSAGE(verdict(left, "") == "none", left);
    }
}

TEST_CASE("what stands behind a token decides")
{
    for (const char* right : {"", " ", ",", ")", "]", "}", "&", "<", "@", ".", "|", "#", ";", ":", "/", "\\", "'", "\"",
                              "`", "_", "-", "_ ", "-\n", "\xff"}) {
        CHECK_MESSAGE(verdict("", right) == "high", right);
    }
    for (const char* right : {"_old", "-old", "_1"}) {
        CHECK_MESSAGE(verdict("", right) == "medium", right);
    }
    for (const char* right : {"a", "Z", "0"}) {
        CHECK_MESSAGE(verdict("", right) == "none", right);
    }
}

TEST_CASE("placeholders of documentation are told from tokens")
{
    const std::string head = "r8_";
    const auto repeated = [&](const std::string& block) {
        std::string body;
        while (body.size() < 37) {
            body += block;
        }
        return head + body.substr(0, 37);
    };
    for (const char* block : {"x", "X", "0", "a", "abc123", "ab", "0123456789", "1234567890abcdefghijklmnopqrstuvwxyzA",
                              "abcdefghijklmnopqrstuvwxyz0123456789A", "YourReplicateApiTokenGoesHereExampleA",
                              "ThisIsNotARealTokenItIsJustAnExample1"}) {
        CHECK_MESSAGE(is_placeholder(repeated(block)), block);
    }
}

TEST_CASE("of a million random tokens at most ten are taken for placeholders")
{
    Rng rng(2024);
    int dropped = 0;
    for (int i = 0; i < 1000000; ++i) {
        dropped += is_placeholder(random_token(rng)) ? 1 : 0;
    }
    CHECK(dropped <= 10);
}
