// Every sample of the built-in rules, and the messages for pattern files with mistakes.
#include "engine/layer_scanner.h"
#include "match/embedded.h"
#include "match/pattern_file.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

using namespace r8scan;
using namespace r8scan::test;

namespace {

std::string with_token(std::string sample, Rng& rng)
{
    constexpr std::string_view mark = "{token}";
    for (auto at = sample.find(mark); at != std::string::npos; at = sample.find(mark, at)) {
        sample.replace(at, mark.size(), random_token(rng));
    }
    return sample;
}

std::string message_of(std::string_view text)
{
    const auto rules = parse_pattern_file(text, "mine.toml");
    REQUIRE(!rules.ok());
    CHECK(rules.error().code() == ErrorCode::usage);
    return rules.error().message();
}

}  // namespace

TEST_CASE("every sample of a built-in rule matches or does not, as it says")
{
    Rng rng(1);
    const auto rules = load_rules({});
    REQUIRE(rules.ok());
    const auto matcher = Matcher::compile(*rules);
    REQUIRE(matcher.ok());
    LayerScanner scanner(*matcher);
    const auto finds = [&](const std::string& text, std::uint32_t rule) {
        const auto hits = scanner.scan(as_bytes(text));
        return std::any_of(hits.begin(), hits.end(), [&](const Hit& hit) { return hit.rule == rule && !hit.placeholder; });
    };
    for (std::uint32_t number = 0; number < rules->size(); ++number) {
        const auto& rule = (*rules)[number];
        CHECK(!rule.examples.empty());
        CHECK(!rule.negative_examples.empty());
        for (const auto& sample : rule.examples) {
            CHECK_MESSAGE(finds(with_token(sample, rng), number), rule.id << " must match: " << sample);
        }
        for (const auto& sample : rule.negative_examples) {
            CHECK_MESSAGE(!finds(with_token(sample, rng), number), rule.id << " must not match: " << sample);
        }
    }
}

TEST_CASE("a mistake in a pattern file names file and line")
{
    CHECK(message_of("[[rules]]\nid = \"a\"\nregexp = \"b\"\n").starts_with("mine.toml:3: unknown key 'regexp'"));
    CHECK(message_of("[[rules]]\nid = 5\n").starts_with("mine.toml:2: 'id' must be a string"));
    CHECK(message_of("[[rules]]\nid = \"a\"\n").starts_with("mine.toml:1: a rule needs an id and a regex"));
    CHECK(message_of("[[rules]]\nid = \"a\n").starts_with("mine.toml:2: "));
    CHECK(message_of("colour = 3\n").starts_with("mine.toml:1: unknown key 'colour'"));
    CHECK(message_of("") == "mine.toml: holds no [[rules]]");
    CHECK(message_of("[[rules]]\nid = \"a\"\nregex = \"b\"\nboundary = \"word\"\n")
              .starts_with("mine.toml:4: 'boundary' must be"));
}

TEST_CASE("a pattern file adds its rules, and takes the place of a rule with the same id")
{
    const TempDir dir;
    std::ofstream(dir.path() / "b.toml") << "[[rules]]\nid = \"mine\"\nregex = \"xyz[0-9]{4}\"\n";
    std::ofstream(dir.path() / "a.toml") << "[[rules]]\nid = \"mine\"\nregex = \"abc[0-9]{4}\"\n";
    const auto built_in = load_rules({});
    const auto rules = load_rules({dir.path()});
    REQUIRE(built_in.ok());
    REQUIRE(rules.ok());
    CHECK(rules->size() == built_in->size() + 1);
    CHECK(rules->back().regex == "xyz[0-9]{4}");
    CHECK(rules->back().origin == (dir.path() / "b.toml").string());
}

TEST_CASE("a pattern file that is not there is an error that names it")
{
    const auto rules = load_rules({"/nowhere/at-all.toml"});
    REQUIRE(!rules.ok());
    CHECK(rules.error().message().find("\"/nowhere/at-all.toml\"") != std::string::npos);
}
