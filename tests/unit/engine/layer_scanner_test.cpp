// The layer scanner: whole against window by window, positions, and what is told of layers.
#include "engine/layer_scanner.h"
#include "engine/redactor.h"
#include "tests/support/built_in_rules.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace r8scan;
using namespace r8scan::test;

namespace {

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

TEST_CASE("content in windows gives the same hits as content whole")
{
    const auto matcher = built_in_matcher();
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Rng rng(seed);
        std::string text;
        while (text.size() < 400000) {
            text += noisy_text(rng) + random_text(rng, rng.below(3000)) + "\xc3\xa9\xe2\x82\xac";
        }
        LayerScanner scanner(matcher);
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
    LayerScanner scanner(matcher);
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

TEST_CASE("the redactor stars out what holds a token in another encoding")
{
    const auto matcher = built_in_matcher();
    Redactor redactor(matcher);
    const auto encoded = base64(token(6));
    const auto text = redactor.redact("deploy " + encoded + " now");
    CHECK(text.find(encoded.substr(8, 20)) == std::string::npos);
    CHECK(text.starts_with("deploy "));
    CHECK(text.ends_with(" now"));
}

TEST_CASE("a rule that matches at every byte is cut and named, and hides no match of another rule")
{
    auto rules = load_rules({}).value();
    Rule greedy;
    greedy.id = "three-digits";
    greedy.regex = "[0-9]{3}";
    greedy.boundary = BoundaryKind::none;
    rules.push_back(greedy);
    const auto leads = container_leads(rules);
    const auto matcher = Matcher::compile(std::move(rules), leads).value();
    std::string text;
    for (std::size_t number = 0; text.size() < 3 * most_matches; ++number) {
        text += std::to_string(number);
    }
    text += " " + token(5) + " ";

    const auto check = [&](const std::vector<Hit>& hits, std::vector<UnreadPart> unread) {
        std::size_t greedy_hits = 0;
        std::size_t tokens = 0;
        for (const auto& hit : hits) {
            (matcher.rules()[hit.rule].id == "three-digits" ? greedy_hits : tokens) += 1;
        }
        CHECK(greedy_hits <= most_matches);
        CHECK(greedy_hits > most_matches / 2);
        CHECK(tokens == 1);
        REQUIRE_FALSE(unread.empty());
        CHECK(unread.front().why == decode::Unread::limit);
        CHECK(unread.front().what.find("three-digits") != std::string::npos);
    };
    LayerScanner scanner(matcher);
    const auto whole = scanner.scan(as_bytes(text));
    check(whole, scanner.take_unread());

    std::vector<Hit> windowed;
    scanner.start();
    constexpr std::size_t step = 100'000;
    for (std::size_t begin = 0; begin < text.size(); begin += step) {
        const auto size = std::min(step, text.size() - begin);
        scanner.window(as_bytes(text).subspan(begin, size), begin + size == text.size(), windowed);
    }
    check(windowed, scanner.take_unread());

    // What cannot be matched to its end is redacted as a whole.
    Redactor redactor(matcher);
    CHECK(redactor.redact(text) == std::string(text.size(), '*'));
}
