// Every sample of the built-in rules, and the messages for pattern files with mistakes.
#include "engine/layer_scanner.h"
#include "match/embedded.h"
#include "match/pattern_check.h"
#include "match/pattern_file.h"
#include "tests/support/built_in_rules.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

using namespace r8scan;
using namespace r8scan::test;

namespace {

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
    const auto matcher = built_in_matcher();
    LayerScanner scanner(matcher);
    const auto check = check_samples(matcher.rules(), [&](std::string_view text) {
        std::vector<std::uint32_t> found;
        for (const auto& hit : scanner.scan(as_bytes(text))) {
            if (!hit.placeholder) {
                found.push_back(hit.rule);
            }
        }
        return found;
    });
    CHECK(check.samples >= 20);
    for (const auto& failure : check.failures) {
        FAIL_CHECK(failure);
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
