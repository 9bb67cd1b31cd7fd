// The expressions that betray a token in other encodings: made for every encoding asked for, bounded, and hit by it.
#include "match/encoded_anchors.h"
#include "match/database.h"
#include "match/matcher.h"
#include "tests/recall/encoders.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace r8scan;
using namespace r8scan::test;

namespace {

Rule token_rule(std::vector<std::string> encodings)
{
    Rule rule;
    rule.id = "token";
    rule.regex = "r8_[A-Za-z0-9]{37}";
    rule.anchors = {"r8_"};
    rule.boundary = BoundaryKind::token;
    rule.encodings = std::move(encodings);
    return rule;
}

bool has_lead(const Matcher& matcher, LeadKind kind, std::string_view text)
{
    auto scratch = matcher.make_scratch();
    Matches matches;
    matcher.find(as_bytes(text), scratch, matches);
    const bool led =
        std::any_of(matches.leads.begin(), matches.leads.end(), [&](const Lead& lead) { return lead.kind == kind; });
    CHECK(matcher.has_anchor(as_bytes(text), scratch) == (led || !matches.candidates.empty()));
    return led;
}

// In how many of a hundred random tokens behind `before` bytes the encoded form has a lead of the kind.
int led_of_hundred(const std::string& encoding, LeadKind kind, const std::function<Snippet(const Snippet&)>& encode,
                   const std::string& before = "")
{
    const auto matcher = Matcher::compile({token_rule({encoding})});
    REQUIRE(matcher.ok());
    Rng rng(5);
    int led = 0;
    for (int i = 0; i < 100; ++i) {
        led += has_lead(*matcher, kind, encode(around(before, bare(random_token(rng)), " ")).bytes) ? 1 : 0;
    }
    return led;
}

}  // namespace

TEST_CASE("base64 at every alignment has a lead, in both alphabets")
{
    for (const std::size_t shift : {0U, 1U, 2U}) {
        CAPTURE(shift);
        CHECK(led_of_hundred(
                  "base64", LeadKind::base64, [](const Snippet& s) { return base64_of(s); }, std::string(shift, 'x')) ==
              100);
        CHECK(led_of_hundred(
                  "base64", LeadKind::base64,
                  [](const Snippet& s) {
                      return base64_of(s, {true, false, 0, "\n"});
                  },
                  std::string(shift, '?')) == 100);
    }
}

TEST_CASE("wide text, hex and escapes have a lead in every spelling")
{
    for (const std::size_t unit : {2U, 4U}) {
        for (const bool big : {false, true}) {
            CHECK(led_of_hundred("utf-16", LeadKind::wide, [&](const Snippet& s) {
                      return wide_of(s, {unit, big});
                  }) == 100);
        }
    }
    for (const char* between : {"", " ", ":", ",", "-", ", 0x"}) {
        CAPTURE(between);
        for (const bool upper : {false, true}) {
            const HexStyle style{upper, between, 0, {}};
            CHECK(led_of_hundred("hex", LeadKind::hex, [&](const Snippet& s) { return hex_of(s, style); }) == 100);
        }
    }
    Rng rng(1);
    const auto escaped_by = [&](std::string prefix, unsigned base, std::size_t digits, std::string suffix) {
        return [&rng, write = numbered(std::move(prefix), base, digits, std::move(suffix))](const Snippet& s) {
            return escaped(s, Part::whole, write, rng);
        };
    };
    CHECK(led_of_hundred("escapes", LeadKind::percent, escaped_by("%", 16, 2, "")) == 100);
    CHECK(led_of_hundred("escapes", LeadKind::escape, escaped_by("\\x", 16, 2, "")) == 100);
    CHECK(led_of_hundred("escapes", LeadKind::escape, escaped_by("\\u", 16, 4, "")) == 100);
    CHECK(led_of_hundred("escapes", LeadKind::escape, escaped_by("\\", 8, 3, "")) == 100);
    CHECK(led_of_hundred("escapes", LeadKind::html, escaped_by("&#", 10, 1, ";")) == 100);
    CHECK(led_of_hundred("escapes", LeadKind::html, escaped_by("&#x", 16, 2, ";")) == 100);
    CHECK(led_of_hundred("escapes", LeadKind::quoted_printable, escaped_by("=", 16, 2, "")) == 100);
}

TEST_CASE("only the encodings that a rule asks for are looked for, and plain words have no lead")
{
    CHECK(encoded_anchors(token_rule({})).empty());
    CHECK(led_of_hundred("hex", LeadKind::base64, [](const Snippet& s) { return base64_of(s); }) == 0);
    Rng rng(2);
    const auto matcher = Matcher::compile({token_rule({"base64", "utf-16", "hex", "escapes"})});
    REQUIRE(matcher.ok());
    auto scratch = matcher->make_scratch();
    CHECK(!matcher->has_anchor(as_bytes(random_text(rng, 1U << 12U)), scratch));
}

TEST_CASE("every anchor is bounded, and short beside what the delta rule reads")
{
    for (const auto& anchor : encoded_anchors(token_rule({"base64", "utf-16", "hex", "escapes"}))) {
        const auto width = measure_expression(anchor.expression);
        REQUIRE_MESSAGE(width.ok(), anchor.expression);
        CHECK_MESSAGE((width->least >= 3 && width->most <= 32), anchor.expression);
    }
}

TEST_CASE("the head of an expression is its literal and what may follow")
{
    const auto head = head_of("r8_[a-c]{4}");
    CHECK(head.literal == "r8_");
    CHECK(head.next.count() == 3);
    CHECK(head.next.test('b'));
    CHECK(head_of("(a|b)c").literal.empty());
    CHECK(head_of("ab.").next.all());
    CHECK(class_members("[A-Z_0-9]").count() == 37);
    CHECK(class_members("[^a]").all());
}
