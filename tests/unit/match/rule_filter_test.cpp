// Entropy and allowlists, with the meaning that they have in gitleaks.
#include "match/rule_filter.h"

#include <doctest/doctest.h>

using namespace r8scan;

namespace {

RuleFilter filter_of(const Rule& rule)
{
    auto filter = RuleFilter::compile(rule);
    REQUIRE(filter.ok());
    return std::move(*filter);
}

RuleFilter filter_of(const Allowlist& list)
{
    Rule rule;
    rule.allowlists = {list};
    return filter_of(rule);
}

bool keeps(const RuleFilter& filter, std::string_view secret, std::string_view match = "", std::string_view line = "")
{
    MatchState state;
    return filter.keeps(secret, match.empty() ? secret : match, line.empty() ? secret : line, state);
}

bool keeps_place(const RuleFilter& filter, std::string_view path, std::string_view commit = "",
                 std::string_view secret = "secret")
{
    MatchState state;
    return filter.keeps_place(path, commit, secret, state);
}

}  // namespace

TEST_CASE("entropy is counted in bits a byte")
{
    CHECK(entropy_of("") == doctest::Approx(0));
    CHECK(entropy_of("aaaa") == doctest::Approx(0));
    CHECK(entropy_of("abab") == doctest::Approx(1));
    CHECK(entropy_of("abcd") == doctest::Approx(2));
}

TEST_CASE("a secret needs more entropy than its rule says")
{
    Rule rule;
    rule.entropy = 2;
    const auto filter = filter_of(rule);
    CHECK(!keeps(filter, "abcd"));
    CHECK(keeps(filter, "abcde"));
}

TEST_CASE("an allowlist looks at the secret, the match or the line")
{
    Allowlist list;
    list.regexes = {"^ex"};
    CHECK(!keeps(filter_of(list), "example"));
    CHECK(keeps(filter_of(list), "real", "example", "example"));
    list.target = Allowlist::Target::match;
    CHECK(!keeps(filter_of(list), "real", "example", "line"));
    list.target = Allowlist::Target::line;
    CHECK(!keeps(filter_of(list), "real", "match", "example"));
    CHECK(keeps(filter_of(list), "example", "example", "line"));
}

TEST_CASE("a stopword stands anywhere in the secret, in any case")
{
    Allowlist list;
    list.stopwords = {"Test"};
    CHECK(!keeps(filter_of(list), "myTESTkey"));
    CHECK(keeps(filter_of(list), "mytskey"));
}

TEST_CASE("paths and commits are asked when the place is known")
{
    Allowlist list;
    list.paths = {"^vendor/"};
    list.commits = {"0123"};
    const auto filter = filter_of(list);
    CHECK(keeps(filter, "secret"));
    CHECK(!keeps_place(filter, "vendor/a"));
    CHECK(!keeps_place(filter, "src/a", "0123"));
    CHECK(keeps_place(filter, "src/vendor/a", "4567"));
    CHECK(keeps_place(filter, "", ""));
}

TEST_CASE("with AND every kind of entry must allow")
{
    Allowlist list;
    list.all = true;
    list.paths = {"test"};
    list.stopwords = {"example"};
    const auto filter = filter_of(list);
    CHECK(keeps(filter, "example"));
    CHECK(!keeps_place(filter, "test/a", "", "example"));
    CHECK(keeps_place(filter, "test/a", "", "real"));
    CHECK(keeps_place(filter, "src/a", "", "example"));
}

TEST_CASE("a rule with a path counts there only")
{
    Rule rule;
    rule.path = "\\.env$";
    CHECK(keeps_place(filter_of(rule), "app/.env"));
    CHECK(!keeps_place(filter_of(rule), "app/.env.txt"));
}

TEST_CASE("a mistake in an allowlist names the expression")
{
    Rule rule;
    rule.allowlists.emplace_back().regexes = {"(a"};
    const auto filter = RuleFilter::compile(rule);
    REQUIRE(!filter.ok());
    CHECK(filter.error().message().find("(a") != std::string::npos);
}
