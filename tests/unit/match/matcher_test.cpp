// The matcher against a naive one.
#include "tests/support/built_in_rules.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace r8scan;
using namespace r8scan::test;

namespace {

bool is_base62(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Every offset at which 40 bytes look like a token.
std::vector<std::uint64_t> naive_offsets(std::string_view text)
{
    std::vector<std::uint64_t> offsets;
    for (std::size_t at = 0; at + 40 <= text.size(); ++at) {
        const auto candidate = text.substr(at, 40);
        if (candidate.starts_with("r8_") && std::all_of(candidate.begin() + 3, candidate.end(), is_base62)) {
            offsets.push_back(at);
        }
    }
    return offsets;
}

}  // namespace

TEST_CASE("hyperscan finds the candidates that a naive search finds")
{
    const auto matcher = built_in_matcher();
    auto scratch = matcher.make_scratch();
    Matches matches;
    std::size_t found = 0;
    for (std::uint64_t seed = 0; seed < 5000; ++seed) {
        Rng rng(seed);
        const auto text = noisy_text(rng);
        matcher.find(as_bytes(text), scratch, matches);
        std::vector<std::uint64_t> offsets;
        for (const auto& candidate : matches.candidates) {
            if (candidate.rule != 0) {
                continue;
            }
            offsets.push_back(candidate.begin);
            REQUIRE(candidate.end == candidate.begin + 40);
        }
        REQUIRE_MESSAGE(offsets == naive_offsets(text), "seed " << seed);
        REQUIRE((matches.candidates.empty() || matcher.has_anchor(as_bytes(text), scratch)));
        found += offsets.size();
    }
    CHECK(found > 5000);
}

TEST_CASE("a rule without bounded width has no anchor, and every content may hold a match")
{
    Rule open;
    open.id = "open";
    open.regex = "key=[a-z]+";
    const auto matcher = Matcher::compile({open});
    REQUIRE(matcher.ok());
    CHECK(!matcher->anchor_width().has_value());
    CHECK(matcher->rule_without_anchor() == "open");
    auto scratch = matcher->make_scratch();
    CHECK(matcher->has_anchor(as_bytes("zzz"), scratch));
    Matches matches;
    matcher->find(as_bytes("a key=abc b"), scratch, matches);
    REQUIRE(matches.candidates.size() == 1);
    CHECK(matches.candidates[0].begin == 2);
    CHECK(matches.candidates[0].end == 9);
}

TEST_CASE("a rule that hyperscan cannot take is an error that names it")
{
    Rule bad;
    bad.id = "bad";
    bad.origin = "mine.toml";
    bad.regex = "(a";
    const auto matcher = Matcher::compile({bad});
    REQUIRE(!matcher.ok());
    CHECK(matcher.error().code() == ErrorCode::usage);
    CHECK(matcher.error().message().starts_with("mine.toml: rule 'bad': pcre2: missing closing parenthesis"));

    bad.regex = "a*";
    const auto empty = Matcher::compile({bad});
    REQUIRE(!empty.ok());
    CHECK(empty.error().message() == "mine.toml: rule 'bad': matches the empty string");
}
