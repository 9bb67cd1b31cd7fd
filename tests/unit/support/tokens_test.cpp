// The made-up tokens: right in shape, never the same by accident, always the same on purpose.
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace r8scan::test {

TEST_CASE("a made-up token has the shape of a real one and differs for each seed")
{
    std::set<std::string> seen;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        const std::string made = token(seed);
        REQUIRE(made.size() == 40);
        CHECK(made.substr(0, 3) == std::string("r8") + "_");
        CHECK(std::all_of(made.begin() + 3, made.end(), [](unsigned char c) { return std::isalnum(c) != 0; }));
        CHECK(seen.insert(made).second);
        CHECK(token(seed) == made);
    }
}

TEST_CASE("the generator is the same on every machine")
{
    Rng rng(1234567);  // the first outputs of the published splitmix64 for this seed
    CHECK(rng.next() == 6457827717110365317U);
    CHECK(rng.next() == 3203168211198807973U);
    for (int i = 0; i < 1000; ++i) {
        const std::size_t drawn = rng.between(3, 9);
        CHECK(drawn >= 3);
        CHECK(drawn <= 9);
    }
}

TEST_CASE("base64 follows the vectors of its standard")
{
    CHECK(base64("") == "");
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foo") == "Zm9v");
    CHECK(base64("foobar") == "Zm9vYmFy");
}

TEST_CASE("random text never holds the anchor of a token")
{
    Rng rng(5);
    const std::string text = random_text(rng, 100000);
    CHECK(text.size() == 100000);
    CHECK(text.find("r8") == std::string::npos);
}

}  // namespace r8scan::test
