// The samples of rules: values made up for them, and how each that is wrong is named.
#include "match/pattern_check.h"
#include "match/exact_regex.h"
#include "match/placeholder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace r8scan;

namespace {

using Texts = std::vector<std::string>;

Rule rule_of(std::string regex, Texts examples = {}, Texts negative_examples = {})
{
    Rule rule;
    rule.id = "mine";
    rule.regex = std::move(regex);
    rule.examples = std::move(examples);
    rule.negative_examples = std::move(negative_examples);
    rule.origin = "mine.toml";
    rule.line = 3;
    return rule;
}

Texts values_of(const std::string& regex, std::size_t count)
{
    std::mt19937_64 random(1);
    Texts values;
    for (std::size_t i = 0; i < count; ++i) {
        auto value = made_up_value(rule_of(regex), random);
        REQUIRE_MESSAGE(value.ok(), regex);
        values.push_back(std::move(*value));
    }
    return values;
}

bool is_whole_match(const std::string& regex, std::string_view text)
{
    const auto whole = ExactRegex::compile("^(?:" + regex + ")$");
    REQUIRE(whole.ok());
    MatchState state;
    return whole->matches(text, state);
}

// The texts that are searched, with an answer that is always the same.
struct Searched {
    std::vector<std::uint32_t> answer;
    Texts texts;

    PatternCheck check(const std::vector<Rule>& rules)
    {
        return check_samples(rules, [&](std::string_view text) {
            texts.emplace_back(text);
            return answer;
        });
    }
};

}  // namespace

TEST_CASE("a made-up value is a match of its rule, and another one each time")
{
    for (const std::string regex : {"r8_[A-Za-z0-9]{37}", "[0-9a-f]{40}", "key-[A-Z_+/]{20}", "abcd_[a-z0-9]{8,12}"}) {
        CAPTURE(regex);
        const auto values = values_of(regex, 100);
        for (const auto& value : values) {
            CHECK_MESSAGE(is_whole_match(regex, value), value);
        }
        CHECK(std::set(values.begin(), values.end()).size() == values.size());
    }
}

TEST_CASE("a made-up value draws from all of the class, and is as long as the least count")
{
    std::set<char> seen;
    for (const auto& value : values_of("x_[a-e0]{9,30}", 100)) {
        CHECK(value.size() == 11);
        seen.insert(value.begin() + 2, value.end());
    }
    CHECK(seen == std::set{'0', 'a', 'b', 'c', 'd', 'e'});
}

TEST_CASE("a class behind anything but plain characters makes a value of its own")
{
    CHECK(is_whole_match("[a-z]{12}", values_of("key=\"([a-z]{12})\"", 1).front()));
    CHECK(is_whole_match("[0-9]{16}", values_of("id_[a-z]+:[0-9]{16}", 1).front()));
}

TEST_CASE("a made-up value is no placeholder where the class leaves a choice")
{
    // Each of the nine letters must be there, which a quarter of all random values miss.
    const auto values = values_of("mine_[a-i]{30}", 1000);
    CHECK(std::none_of(values.begin(), values.end(), [](const std::string& value) { return is_placeholder(value); }));
}

TEST_CASE("no value is made up for a regex without a counted class")
{
    std::mt19937_64 random(1);
    for (const char* regex :
         {"", "abc", "abc_[a-z]+", "[a-z]", "[a-z", "[a-z]{", "[a-z]{x}", "[a-z]{0,8}", "[^a]{8}", "\\d{8}"}) {
        CAPTURE(regex);
        const auto value = made_up_value(rule_of(regex), random);
        REQUIRE(!value.ok());
        CHECK(value.error().code() == ErrorCode::usage);
    }
}

TEST_CASE("each mark in a sample becomes a value, and the rest of it stays")
{
    const std::string regex = "k_[a-z]{12}";
    Searched searched{{0}, {}};
    const auto check = searched.check({rule_of(regex, {"a {token}, {token}{token}", "{ token } {}"})});
    CHECK(check.samples == 2);
    CHECK(check.failures.empty());
    REQUIRE(searched.texts.size() == 2);
    const auto& filled = searched.texts.front();
    CHECK(is_whole_match("a " + regex + ", " + regex + regex, filled));
    CHECK(std::set{filled.substr(2, 14), filled.substr(18, 14), filled.substr(32)}.size() == 3);
    CHECK(searched.texts.back() == "{ token } {}");
}

TEST_CASE("the same samples are searched in every run")
{
    const std::vector rules = {rule_of("k_[a-z]{12}", {"{token}"}, {"x{token}"})};
    Searched first;
    Searched second;
    (void)first.check(rules);
    (void)second.check(rules);
    CHECK(first.texts.size() == 2);
    CHECK(first.texts == second.texts);
}

TEST_CASE("a wrong sample is named by file, line, rule and number")
{
    const std::vector rules = {rule_of("abc", {"one", "two"}, {"three", "four"})};
    Searched none;
    CHECK(none.check(rules).failures == Texts{"mine.toml:3: rule 'mine': example 1 does not match",
                                              "mine.toml:3: rule 'mine': example 2 does not match"});
    Searched all{{0}, {}};
    CHECK(all.check(rules).failures == Texts{"mine.toml:3: rule 'mine': negative example 1 matches, and must not",
                                             "mine.toml:3: rule 'mine': negative example 2 matches, and must not"});
}

TEST_CASE("only the rule of a sample counts for it")
{
    auto other = rule_of("def", {"right"}, {"wrong"});
    other.id = "other";
    other.origin = "built in";
    other.line = 0;
    const std::vector rules = {rule_of("abc", {"right"}, {"wrong"}), other};
    Searched first{{0, 7}, {}};
    CHECK(first.check(rules).failures == Texts{"mine.toml:3: rule 'mine': negative example 1 matches, and must not",
                                               "built in: rule 'other': example 1 does not match"});
    Searched both{{1, 0}, {}};
    const auto check = both.check(rules);
    CHECK(check.samples == 4);
    CHECK(check.failures.size() == 2);
}

TEST_CASE("no failure shows what a sample holds or what was made up for it")
{
    Searched searched;
    const auto check = searched.check({rule_of("k_[a-z]{12}", {"hidden {token}"}), rule_of("abc", {"hidden {token}"})});
    REQUIRE(check.failures.size() == 2);
    REQUIRE(searched.texts.size() == 1);
    const auto made_up = searched.texts.front().substr(searched.texts.front().find("k_"));
    for (const auto& failure : check.failures) {
        CHECK(failure.find("hidden") == std::string::npos);
        CHECK(failure.find(made_up) == std::string::npos);
    }
}

TEST_CASE("a sample whose value cannot be made up is wrong, and is not searched")
{
    Searched searched{{}, {}};
    const auto check = searched.check({rule_of("abc", {}, {"x {token}", "plain"})});
    CHECK(check.samples == 2);
    REQUIRE(check.failures.size() == 1);
    CHECK(check.failures.front().starts_with("mine.toml:3: rule 'mine': negative example 1: "));
    CHECK(searched.texts == Texts{"plain"});
}

TEST_CASE("rules without samples have none to check")
{
    Searched searched;
    const auto check = searched.check({rule_of("abc"), rule_of("def")});
    CHECK(check.samples == 0);
    CHECK(check.failures.empty());
    CHECK(searched.texts.empty());
}
