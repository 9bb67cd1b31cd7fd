// How often random base64url (digests, keys, tokens of others) is taken for a Replicate token.
#include "match/boundary.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <array>
#include <utility>
#include <vector>

using namespace r8scan;
using namespace r8scan::test;

// A token-shaped string falls into random base64url at a given place with the chance p = 64^-3 · (62/64)^37 = 1.18e-6.
// 1 GiB of values of the sizes below, as many of each and one byte between them, is 1.2 million of each, with 600
// places for 40 characters in each set of eight: 853 look-alikes a GiB. This draws those of 100 GiB. In values of 43
// characters (SHA-256) at most three are left beside it, which may well look like a word; what is found comes from
// there. Measured over 20,000,000 look-alikes: 0.033 findings a GiB; 0.68 where every value has 43 characters.
TEST_CASE("random base64url values are hardly ever findings")
{
    constexpr std::string_view base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    constexpr std::array<std::size_t, 8> sizes = {22, 27, 43, 64, 86, 128, 171, 342};
    constexpr int gibibytes = 100;
    constexpr int look_alikes = 853 * gibibytes;
    std::vector<std::pair<std::size_t, std::size_t>> places;  // size of the value, place in it
    for (const auto size : sizes) {
        for (std::size_t at = 0; at + 40 <= size; ++at) {
            places.emplace_back(size, at);
        }
    }
    REQUIRE(places.size() == 600);
    Rng rng(43);
    int found = 0;
    for (int i = 0; i < look_alikes; ++i) {
        const auto [size, at] = places[rng.below(places.size())];
        const auto random = [&](std::size_t count) {
            std::string text;
            while (text.size() < count) {
                text += base64url[rng.below(base64url.size())];
            }
            return text;
        };
        const std::string mark = rng.chance(50) ? "\n" : "\"";
        const auto before = mark + random(at);
        std::string text = before;
        text.append(token(11)).append(random(size - at - 40)).append(mark);
        const auto judged = judge_boundary(as_bytes(text), before.size(), before.size() + 40, false);
        found += judged && judged->confidence >= Confidence::medium ? 1 : 0;
    }
    CHECK(found <= 20);
}
