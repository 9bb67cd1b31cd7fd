// Rules with groups, keywords, entropy or expressions that Hyperscan does not take: how each is matched, and what it
// finds.
#include "match/matcher.h"
#include "match/pattern_file.h"

#include <doctest/doctest.h>

using namespace r8scan;

namespace {

Matcher matcher_of(std::string_view toml)
{
    auto file = parse_pattern_file(toml, "mine.toml");
    REQUIRE_MESSAGE(file.ok(), (file ? "" : file.error().message()));
    auto matcher = Matcher::compile(std::move(file->rules));
    REQUIRE_MESSAGE(matcher.ok(), (matcher ? "" : matcher.error().message()));
    return std::move(*matcher);
}

Matcher matcher_of_rule(const std::string& lines)
{
    return matcher_of("[[rules]]\nid = \"a\"\n" + lines);
}

std::vector<std::string> secrets(const Matcher& matcher, std::string_view text)
{
    auto scratch = matcher.make_scratch();
    Matches matches;
    matcher.find(as_bytes(text), scratch, matches);
    std::vector<std::string> found;
    for (const auto& candidate : matches.candidates) {
        found.emplace_back(text.substr(candidate.begin, candidate.end - candidate.begin));
    }
    return found;
}

using How = RuleNote::How;
using Texts = std::vector<std::string>;

RuleNote note_of(const std::string& lines)
{
    const auto matcher = matcher_of_rule(lines);
    REQUIRE(matcher.notes().size() == 1);
    return matcher.notes().front();
}

}  // namespace

TEST_CASE("each rule says how it is matched, and why not in a better way")
{
    CHECK(note_of("regex = 'abc_[0-9]{8}'").how == How::hyperscan);
    CHECK(note_of("regex = 'abc_([0-9]{8})'").how == How::prefiltered);
    CHECK(note_of("regex = '(?<!x)abc_[0-9]{8}'").how == How::prefiltered);
    CHECK(note_of("regex = 'abc_[0-9]{8}'\nentropy = 2").how == How::prefiltered);
    const auto refused = note_of("path = 'p12$'");
    CHECK(refused.how == How::refused);
    CHECK(!refused.reason.empty());
}

TEST_CASE("the secret is the group, and each match is told")
{
    const auto matcher = matcher_of_rule("regex = 'key=\"([a-z0-9]{4,8})\"'");
    CHECK(secrets(matcher, "key=\"abcd\" key=\"efgh1\" key=\"x\"") == Texts{"abcd", "efgh1"});
    const auto second = matcher_of_rule("regex = '(user)=([a-z]{4})'\nsecretGroup = 2");
    CHECK(secrets(second, "user=abcd") == Texts{"abcd"});
}

TEST_CASE("a rule with keywords is live where one of them stands, in any case")
{
    const auto matcher = matcher_of_rule("regex = '[0-9]{12}'\nkeywords = [\"Service\", \"other\"]");
    CHECK(secrets(matcher, "SERVICE 123456789012") == Texts{"123456789012"});
    CHECK(secrets(matcher, "123456789012 another") == Texts{"123456789012"});
    CHECK(secrets(matcher, "serv 123456789012").empty());
}

TEST_CASE("entropy and allowlists have the last word")
{
    CHECK(secrets(matcher_of_rule("regex = 'k_[a-z]{8}'\nentropy = 3.0"), "k_aaaaaaaa k_abcdefgh") ==
          Texts{"k_abcdefgh"});
    const auto matcher = matcher_of_rule(
        "regex = 'k_[a-z]{8}'\n[[rules.allowlists]]\nstopwords = [\"example\"]\n"
        "[[rules.allowlists]]\nregexTarget = \"line\"\nregexes = ['''^#''']");
    CHECK(secrets(matcher, "k_examples k_abcdefgh") == Texts{"k_abcdefgh"});
    CHECK(secrets(matcher, "# k_abcdefgh\nk_ijklmnop") == Texts{"k_ijklmnop"});
}

TEST_CASE("what stands around a match is looked at, as the expression says")
{
    CHECK(secrets(matcher_of_rule("regex = '(?<![a-z])k_[0-9]{4}(?![0-9])'"), "xk_1234 k_12345 k_1234") ==
          Texts{"k_1234"});
}

TEST_CASE("a dollar is the end of the text, not the place before a last newline")
{
    const auto matcher = matcher_of_rule("regex = 'abc_[0-9]{8}$'");
    CHECK(secrets(matcher, "abc_12345678") == Texts{"abc_12345678"});
    CHECK(secrets(matcher, "abc_12345678\n").empty());
    CHECK(note_of("regex = 'abc_[0-9]{8}$'").how == How::prefiltered);
}

TEST_CASE("a match that takes too long is named by its rule")
{
    const auto matcher = matcher_of_rule("regex = 'k(a+)+(?=c)'");
    auto scratch = matcher.make_scratch();
    Matches matches;
    matcher.find(as_bytes("k" + std::string(5000, 'a') + "b"), scratch, matches);
    CHECK(matches.candidates.empty());
    CHECK(matches.gave_up == std::set<std::uint32_t>{0});
}

TEST_CASE("a wrong expression is an error with file, line and rule")
{
    auto file = parse_pattern_file("[[rules]]\nid = \"broken\"\nregex = '(a'\n", "mine.toml");
    REQUIRE(file.ok());
    const auto matcher = Matcher::compile(std::move(file->rules));
    REQUIRE(!matcher.ok());
    CHECK(matcher.error().message().find("mine.toml:1: rule 'broken'") != std::string::npos);
}

TEST_CASE("what Hyperscan does not take at all is tried where a keyword stands, and refused where there is none")
{
    const std::string recursive = "regex = 'k_\\((?:[a-z]|(?R))*\\)'";
    const auto tried = note_of(recursive + "\nkeywords = [\"k_\"]");
    CHECK(tried.how == How::keywords_only);
    CHECK(tried.reason.starts_with("hyperscan: "));
    CHECK(secrets(matcher_of_rule(recursive + "\nkeywords = [\"k_\"]"), "k_(abk_(c)) k_(") == Texts{"k_(abk_(c))"});
    const auto refused = note_of(recursive);
    CHECK(refused.how == How::refused);
    CHECK(refused.reason.ends_with("and it has no keywords"));
    CHECK(secrets(matcher_of_rule(recursive), "k_(abk_(c))").empty());
}
