// The matcher against a naive one, and the content scanner whole against window by window.
#include "match/content_scanner.h"
#include "match/redactor.h"
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

std::string noisy_text(Rng& rng)
{
    std::string text;
    for (std::size_t pieces = rng.below(30); pieces != 0; --pieces) {
        switch (rng.below(6)) {
            case 0: text += random_token(rng); break;
            case 1: text += random_token(rng).substr(0, rng.below(41)); break;
            case 2: text += random_bytes(rng, rng.below(60)); break;
            case 3: text += "r8_"; break;
            case 4: text += '\n'; break;
            default: text += random_text(rng, rng.below(100)); break;
        }
    }
    return text;
}

std::string describe_hits(const std::vector<Hit>& hits)
{
    std::string lines;
    for (const auto& hit : hits) {
        const auto& p = hit.position;
        for (const auto number : {p.offset, p.line, p.column, p.end_line, p.end_column}) {
            lines += std::to_string(number) + ' ';
        }
        lines += std::string(to_string(hit.confidence)) + '\n';
    }
    return lines;
}

}  // namespace

TEST_CASE("hyperscan finds the candidates that a naive search finds")
{
    const auto matcher = built_in_matcher();
    const auto scratch = matcher.make_scratch();
    std::vector<Candidate> candidates;
    std::size_t found = 0;
    for (std::uint64_t seed = 0; seed < 5000; ++seed) {
        Rng rng(seed);
        const auto text = noisy_text(rng);
        matcher.find(as_bytes(text), scratch.get(), candidates);
        std::vector<std::uint64_t> offsets;
        for (const auto& candidate : candidates) {
            offsets.push_back(candidate.begin);
            REQUIRE(candidate.end == candidate.begin + 40);
        }
        REQUIRE_MESSAGE(offsets == naive_offsets(text), "seed " << seed);
        REQUIRE((candidates.empty() || matcher.has_anchor(as_bytes(text), scratch.get())));
        found += offsets.size();
    }
    CHECK(found > 5000);
}

TEST_CASE("content in windows gives the same hits as content whole")
{
    const auto matcher = built_in_matcher();
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Rng rng(seed);
        std::string text;
        while (text.size() < 400000) {
            text += noisy_text(rng) + random_text(rng, rng.below(3000)) + "\xc3\xa9\xe2\x82\xac";
        }
        ContentScanner scanner(matcher);
        const auto whole = scanner.scan(as_bytes(text));
        std::vector<Hit> windowed;
        scanner.start();
        for (std::size_t begin = 0; begin < text.size();) {
            const auto size = std::min<std::size_t>(rng.between(1, 90000), text.size() - begin);
            scanner.window(as_bytes(text).subspan(begin, size), begin + size == text.size(), windowed);
            begin += size;
        }
        REQUIRE(whole.size() > 20);
        REQUIRE_MESSAGE(describe_hits(whole) == describe_hits(windowed), "seed " << seed);
    }
}

TEST_CASE("columns count code points and the end is exclusive")
{
    const auto matcher = built_in_matcher();
    ContentScanner scanner(matcher);
    const auto text = "first\n\xc3\xa9\xf0\x9f\x98\x80\xff = \"" + token(3) + "\"";
    const auto hits = scanner.scan(as_bytes(text));
    REQUIRE(hits.size() == 1);
    const auto& p = hits[0].position;
    CHECK(p.line == 2);
    CHECK(p.column == 8);  // é, 😀, a byte that is no UTF-8, space, =, space, quote
    CHECK(p.end_line == 2);
    CHECK(p.end_column == 48);
    CHECK(p.offset == text.find("r8_"));
}

TEST_CASE("the redactor stars out every token, whatever stands beside it")
{
    const auto matcher = built_in_matcher();
    Redactor redactor(matcher);
    const auto secret = token(5);
    const auto text = redactor.redact("x" + secret + "y and " + secret);
    CHECK(text == "x" + redacted(secret) + "y and " + redacted(secret));
    CHECK(redactor.redact("nothing here") == "nothing here");
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
    const auto scratch = matcher->make_scratch();
    CHECK(matcher->has_anchor(as_bytes("zzz"), scratch.get()));
    std::vector<Candidate> candidates;
    matcher->find(as_bytes("a key=abc b"), scratch.get(), candidates);
    REQUIRE(candidates.size() == 1);
    CHECK(candidates[0].begin == 2);
    CHECK(candidates[0].end == 9);
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
    CHECK(matcher.error().message().starts_with("mine.toml: rule 'bad': "));

    bad.regex = "a*";
    const auto empty = Matcher::compile({bad});
    REQUIRE(!empty.ok());
    CHECK(empty.error().message() == "mine.toml: rule 'bad': matches the empty string");
}
