// `r8scan patterns check` and `list` as a user meets them.
#include "tests/support/built_here.h"
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;
using test::Ran;

namespace {

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

struct Bench {
    [[nodiscard]] Ran run(const std::string& arguments) const
    {
        return test::run_shell(dir.path(), "XDG_CACHE_HOME=\"$PWD/cache\" \"$R8SCAN\" patterns " + arguments);
    }
    [[nodiscard]] Ran check(const std::string& rules) const
    {
        test::write_file(dir / "mine.toml", rules);
        return run("check mine.toml");
    }
    test::TempDir dir;
};

}  // namespace

TEST_CASE("patterns list names every rule, how it is matched and where it came from")
{
    const Bench bench;
    const auto ran = bench.run("list");
    CHECK(ran.exit_code == 0);
    for (const char* id : {"replicate-api-token", "replicate-webhook-secret", "replicate-legacy-token"}) {
        CHECK(contains(ran.out, id));
    }
    CHECK(contains(ran.out, "built in:"));
    test::write_file(bench.dir / "mine.toml", "\n[[rules]]\nid = \"mine\"\nregex = 'mine_[a-z]{8}'\n");
    CHECK(contains(bench.run("list --patterns mine.toml").out, "mine.toml:2"));
}

TEST_CASE("patterns check passes sound samples and counts them")
{
    const Bench bench;
    const auto ran = bench.check(
        "[[rules]]\nid = \"mine\"\nregex = 'mine_[a-z]{8}'\nexamples = ['key {token}']\n"
        "negative_examples = ['mine_ABC']\n");
    CHECK(ran.exit_code == 0);
    CHECK(contains(ran.out, "1 rules (1 hyperscan); 2 samples, 0 wrong"));
}

TEST_CASE("patterns check names a wrong sample by rule and number, and never shows it")
{
    const Bench bench;
    const auto secret = test::token(3);
    const auto ran = bench.check("[[rules]]\nid = \"mine\"\nregex = 'mine_[a-z]{8}'\nexamples = ['{token}', '" +
                                 secret + "']\nnegative_examples = ['a {token}']\n");
    CHECK(ran.exit_code == 2);
    CHECK(contains(ran.out + ran.err, "mine.toml:1: rule 'mine': example 2 "));
    CHECK(contains(ran.out + ran.err, "2 wrong"));
    CHECK(!contains(ran.out + ran.err, secret));
}

TEST_CASE("patterns check names what cannot be matched, and the place of a mistake")
{
    const Bench bench;
    const auto refused = bench.check("[[rules]]\nid = \"names\"\npath = 'p12$'\n");
    CHECK(contains(refused.out, "mine.toml:1: rule 'names': refused: "));
    const auto looking =
        bench.check("[[rules]]\nid = \"look\"\nregex = '(?<!x)mine_[a-z]{8}'\nexamples = ['mine_abcdefgh']\n");
    CHECK(looking.exit_code == 0);
    CHECK(contains(looking.out, "1 pcre2 behind hyperscan"));
    const auto wrong = bench.check("[[rules]]\nid = \"a\"\nregexp = 'b'\n");
    CHECK(wrong.exit_code == 2);
    CHECK(contains(wrong.err, "mine.toml:3: unknown key 'regexp'"));
    CHECK(bench.run("check nothing.toml").exit_code == 2);
}

TEST_CASE("the example of a pattern file is sound")
{
    const Bench bench;
    const auto ran = bench.run("check '" + test::source_dir() + "/examples/patterns/internal-keys.toml'");
    CHECK(ran.exit_code == 0);
    CHECK(contains(ran.out, " 0 wrong"));
}

TEST_CASE("patterns check takes a configuration of gitleaks, and says what of it is not heeded")
{
    const Bench bench;
    const auto ran = bench.check(
        "title = \"mine\"\n[[rules]]\nid = \"mine\"\ndescription = \"A key\"\n"
        "regex = '''(?i)mine[_-]([a-z0-9]{20})(?:\\s|$)'''\nsecretGroup = 1\nentropy = 2.5\nkeywords = [\"mine\"]\n"
        "tags = [\"key\"]\nskipReport = true\n[[rules.allowlists]]\nregexTarget = \"line\"\n"
        "regexes = ['''^#''']\nstopwords = [\"example\"]\n[allowlist]\npaths = ['''\\.lock$''']\n");
    CHECK(ran.exit_code == 0);
    CHECK(contains(ran.out, "mine.toml:10: 'skipReport' of a rule is not heeded"));
    CHECK(contains(ran.out, "1 rules (1 pcre2 behind hyperscan); 0 samples, 0 wrong"));
    const auto wrong = bench.check("[[rules]]\nid = \"a\"\nregex = 'b'\n[[rules.allowlists]]\nstopword = [\"c\"]\n");
    CHECK(wrong.exit_code == 2);
    CHECK(contains(wrong.err, "mine.toml:5: unknown key 'stopword'"));
}
