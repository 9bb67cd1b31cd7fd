#include "finding/fingerprint.h"
#include "finding/ignore_list.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace r8scan;

namespace {

constexpr const char* today = "2026-06-15";

Finding finding_at(const std::string& path, std::uint64_t line = 1)
{
    Finding finding;
    finding.rule = "replicate-api-token";
    finding.secret = std::make_shared<Secret>(test::token(1));
    finding.token_sha256 = std::string(64, 'a');
    finding.path = path;
    finding.position.line = line;
    finding.fingerprint = fingerprint_of(finding.rule, *finding.secret, path);
    return finding;
}

std::optional<Suppression> match(IgnoreList& list, const Finding& finding)
{
    return list.match(finding, finding.path.value_or(""));
}

IgnoreList list_of(const std::string& text)
{
    IgnoreList list(today);
    list.add_ignore_file(text, ".r8scanignore");
    return list;
}

bool matches(const std::string& text, const std::string& path)
{
    auto list = list_of(text);
    return match(list, finding_at(path)).has_value();
}

std::string only_note(const IgnoreList& list)
{
    const auto notes = list.notes(false);
    REQUIRE(notes.size() == 1);
    return notes.front();
}

}  // namespace

TEST_CASE("ignore file: a fingerprint, a hash of a token and a glob each suppress what they name")
{
    const auto finding = finding_at("src/a.py");
    auto by_fingerprint = list_of("# ours\n\n" + finding.fingerprint + "\n");
    REQUIRE(match(by_fingerprint, finding).has_value());
    CHECK(match(by_fingerprint, finding)->by == "ignore file");
    CHECK(match(by_fingerprint, finding)->origin == ".r8scanignore:3");
    CHECK_FALSE(match(by_fingerprint, finding_at("src/b.py")).has_value());
    auto by_hash = list_of(std::string(64, 'a') + "\n");
    CHECK(match(by_hash, finding).has_value());
    auto by_other_hash = list_of(std::string(64, 'b') + "\n");
    CHECK_FALSE(match(by_other_hash, finding).has_value());
    CHECK(matches("src/*.py\n", "src/a.py"));
    CHECK_FALSE(matches("src/*.js\n", "src/a.py"));
}

TEST_CASE("ignore file: globs read as in .gitignore, and a folder means all that is in it")
{
    CHECK(matches("*.pem\n", "deep/down/a.pem"));
    CHECK(matches("fixtures/\n", "tests/fixtures/a/b.txt"));
    CHECK(matches("fixtures\n", "tests/fixtures/a/b.txt"));
    CHECK_FALSE(matches("fixtures/\n", "tests/fixtures"));
    CHECK(matches("/tests/fixtures\n", "tests/fixtures/a"));
    CHECK_FALSE(matches("/fixtures\n", "tests/fixtures/a"));
    CHECK(matches("tests/**/a.txt\n", "tests/x/y/a.txt"));
    CHECK(matches("tests/**\n", "tests/x/y/a.txt"));
    CHECK(matches("**/golden/*.txt\n", "a/b/golden/c.txt"));
    CHECK(matches("a/b\n", "a/b/c/d"));
    CHECK_FALSE(matches("a/b\n", "x/a/b"));
    CHECK_FALSE(matches("a/b/\n", "a/b"));
    CHECK(matches("\"with space/*.txt\"\n", "with space/a.txt"));
    CHECK(matches("with\\ space/*.txt\n", "with space/a.txt"));
    CHECK(matches("\\#hash\n", "#hash"));
    CHECK_FALSE(matches("Tests\n", "tests"));
}

TEST_CASE("ignore file: the reason and the date behind a line are read")
{
    auto list = list_of("a.txt until=2026-06-15 reason=\"made up \\\"here\\\"\"  # and a comment\n");
    const auto found = match(list, finding_at("a.txt"));
    REQUIRE(found.has_value());
    CHECK(found->reason == "made up \"here\"");
    CHECK(list.notes(true).empty());
}

TEST_CASE("ignore file: a line holds through its day, and is named when that is over")
{
    CHECK(matches("a.txt until=2026-06-15\n", "a.txt"));
    CHECK(matches("a.txt until=2027-01-01\n", "a.txt"));
    auto list = list_of("a.txt until=2026-06-14\n");
    CHECK_FALSE(match(list, finding_at("a.txt")).has_value());
    CHECK(only_note(list) == ".r8scanignore:1: expired on 2026-06-14 and suppresses nothing any more: \"a.txt\"");
}

TEST_CASE("ignore file: an expired line does not hide one that holds")
{
    const auto finding = finding_at("a.txt");
    auto list = list_of(finding.fingerprint + " until=2020-01-01\n" + finding.fingerprint + "\na.txt until=2020-01-01\na.txt\n");
    CHECK(match(list, finding)->origin == ".r8scanignore:2");
}

TEST_CASE("ignore file: lines that match nothing are named where everything was scanned")
{
    auto list = list_of("a.txt\nb.txt\n");
    CHECK(match(list, finding_at("a.txt")).has_value());
    CHECK(list.notes(false).empty());
    REQUIRE(list.notes(true).size() == 1);
    CHECK(list.notes(true).front() == ".r8scanignore:2: matches nothing that was found: \"b.txt\"");
}

TEST_CASE("ignore file: a mistake is named and its line says nothing")
{
    for (const auto& [line, part] :
         {std::pair("a.txt until=tomorrow", "'until' must be a date"), std::pair("a.txt until=2026-02-30", "must be a date"),
          std::pair("a.txt reason=\"open", "a quote is not closed"), std::pair("\"a.txt", "a quote is not closed"),
          std::pair("my file a.txt", "a path with a space goes into quotes"), std::pair("!a.txt", "cannot be negated"),
          std::pair("/", "neither a fingerprint nor a path")}) {
        CAPTURE(line);
        auto list = list_of(std::string(line) + "\n");
        CHECK_FALSE(match(list, finding_at("a.txt")).has_value());
        CHECK_FALSE(match(list, finding_at("my")).has_value());
        CHECK(only_note(list).find(part) != std::string::npos);
        CHECK(only_note(list).starts_with(".r8scanignore:1: "));
    }
}

TEST_CASE("ignore file: line ends of Windows and a byte order mark do no harm")
{
    CHECK(matches("\xEF\xBB\xBF" "a.txt\r\nb.txt\r\n", "a.txt"));
    CHECK(matches("a.txt\r\nb.txt reason=x\r\n", "b.txt"));
}

TEST_CASE("ignore file: a dates calendar is heeded")
{
    CHECK(is_date("2026-02-28"));
    CHECK(is_date("2028-02-29"));
    CHECK_FALSE(is_date("2026-02-29"));
    CHECK_FALSE(is_date("2026-13-01"));
    CHECK_FALSE(is_date("2026-1-1"));
    CHECK_FALSE(is_date("2026-00-10"));
    CHECK_FALSE(is_date("20260228"));
    CHECK_FALSE(is_date("2026-aa-01"));
    CHECK_FALSE(is_date(""));
}

TEST_CASE("ignore file: a mebibyte of lines is capped, and what was not read is named")
{
    std::string text;
    while (text.size() < (1U << 20U)) {
        text += "*a*b" + std::to_string(text.size()) + "\n";
    }
    text += "last.txt\n";
    auto list = list_of(text);
    CHECK_FALSE(match(list, finding_at("last.txt")).has_value());
    const auto notes = list.notes(false);
    REQUIRE(notes.size() == 11);
    CHECK(notes.front().find("there are too many lines before it") != std::string::npos);
    CHECK(notes.back().find("more lines of ignore files were not understood") != std::string::npos);
}

TEST_CASE("ignore file: globs that would take for ever are given up, named, and suppress nothing more")
{
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        std::string glob;
        while (glob.size() < 500) {
            glob += "*a";
        }
        text += glob + std::to_string(i) + "\n";
    }
    text += "target\n";
    auto list = list_of(text);
    for (int i = 0; i < 1000; ++i) {
        (void)match(list, finding_at("x" + std::to_string(i) + "/" + std::string(4000, 'a')));
    }
    CHECK_FALSE(match(list, finding_at("target")).has_value());
    const auto notes = list.notes(true);
    REQUIRE_FALSE(notes.empty());
    CHECK(notes.back().find("take too long to match") != std::string::npos);
}

TEST_CASE("ignore file: a glob longer than any path is refused")
{
    auto list = list_of(std::string(2000, 'a') + "\n");
    CHECK(only_note(list) == ".r8scanignore:1: the glob is longer than 1024 bytes");
}

TEST_CASE("ignore file: random bytes are survived")
{
    test::Rng rng(7);
    for (int round = 0; round < 200; ++round) {
        IgnoreList list(today);
        const auto bytes = test::random_bytes(rng, rng.below(2000));
        list.add_ignore_file(bytes, "i");
        list.add_gitleaks_file(bytes, "g");
        list.add_toml(bytes, "t");
        (void)match(list, finding_at("a/b.txt"));
        CHECK(list.notes(true).size() <= 40);
    }
}

TEST_CASE("gitleaks ignore file: both forms of its fingerprints suppress")
{
    const std::string commit(40, 'c');
    IgnoreList list(today);
    list.add_gitleaks_file("# old\n" + commit + ":src/a.py:generic-api-key:12\nsrc/b:c.py:replicate-api-token:3\n",
                           ".gitleaksignore");
    auto finding = finding_at("src/a.py", 12);
    CHECK_FALSE(match(list, finding).has_value());
    finding.commit = commit;
    REQUIRE(match(list, finding).has_value());
    CHECK(match(list, finding)->by == "gitleaks ignore file");
    CHECK(match(list, finding)->origin == ".gitleaksignore:2");
    finding.position.line = 13;
    CHECK_FALSE(match(list, finding).has_value());
    CHECK(match(list, finding_at("src/b:c.py", 3)).has_value());
    auto elsewhere = finding_at("src/b:c.py", 3);
    elsewhere.commit = commit;
    CHECK(match(list, elsewhere).has_value());
}

TEST_CASE("gitleaks ignore file: a line for another kind of secret does not hide a token of ours")
{
    IgnoreList list(today);
    list.add_gitleaks_file("src/a.py:aws-access-token:12\n", ".gitleaksignore");
    CHECK_FALSE(match(list, finding_at("src/a.py", 12)).has_value());
    CHECK(list.notes(true).empty());
}

TEST_CASE("gitleaks ignore file: what is no fingerprint is named")
{
    IgnoreList list(today);
    list.add_gitleaks_file("src/a.py\n", ".gitleaksignore");
    CHECK(only_note(list).starts_with(".gitleaksignore:1: is no fingerprint of gitleaks"));
}

TEST_CASE("repository configuration: its ignore tables suppress, with reason and date")
{
    IgnoreList list(today);
    list.add_toml("[[ignore]]\npath = \"tests/**\"\nreason = \"made up\"\n\n[[ignore]]\npath = [\"a.txt\", \"b.txt\"]\nuntil = 2026-06-14\n",
                  ".r8scan.toml");
    const auto found = match(list, finding_at("tests/a/b"));
    REQUIRE(found.has_value());
    CHECK(found->by == "repository configuration");
    CHECK(found->origin == ".r8scan.toml:1");
    CHECK(found->reason == "made up");
    CHECK_FALSE(match(list, finding_at("a.txt")).has_value());
    CHECK(list.notes(false).size() == 2);
    CHECK(list.notes(false).front() == ".r8scan.toml:5: expired on 2026-06-14 and suppresses nothing any more: \"a.txt\"");
}

TEST_CASE("repository configuration: fingerprints and hashes are taken by their names")
{
    const auto finding = finding_at("a.txt");
    IgnoreList list(today);
    list.add_toml("[[ignore]]\nfingerprint = \"" + finding.fingerprint + "\"\n", ".r8scan.toml");
    CHECK(match(list, finding).has_value());
    IgnoreList by_hash(today);
    by_hash.add_toml("[[ignore]]\ntoken_sha256 = \"" + std::string(64, 'a') + "\"\nuntil = \"2027-01-01\"\n", ".r8scan.toml");
    CHECK(match(by_hash, finding).has_value());
    IgnoreList wrong(today);
    wrong.add_toml("[[ignore]]\nfingerprint = \"a.txt\"\n", ".r8scan.toml");
    CHECK_FALSE(match(wrong, finding).has_value());
    CHECK(only_note(wrong) == ".r8scan.toml:1: what is given as fingerprint is none");
}

TEST_CASE("repository configuration: what is not for a repository to set is named and says nothing")
{
    IgnoreList list(today);
    list.add_toml("patterns = [\"mine.toml\"]\nmin-confidence = \"high\"\n[[callback]]\nurl = \"https://evil\"\n"
                  "[[ignor]]\npath = \"*\"\n",
                  ".r8scan.toml");
    CHECK_FALSE(match(list, finding_at("a")).has_value());
    const auto notes = list.notes(false);
    REQUIRE(notes.size() == 4);
    const auto has = [&](std::string_view text) {
        return std::any_of(notes.begin(), notes.end(), [&](const auto& note) { return note.find(text) != std::string::npos; });
    };
    CHECK(has(".r8scan.toml:1: 'patterns' is not for a repository to set"));
    CHECK(has(".r8scan.toml:2: 'min-confidence' is not for a repository to set"));
    CHECK(has(".r8scan.toml:3: 'callback' is not for a repository to set"));
    CHECK(has(".r8scan.toml:5: unknown key 'ignor': did you mean [[ignore]]?"));
}

TEST_CASE("repository configuration: mistakes are named with their lines and end nothing")
{
    for (const auto& [text, part] :
         {std::pair("[[ignore]]\npth = \"a\"\n", ".r8scan.toml:2: unknown key 'pth' in [[ignore]]: did you mean 'path'?"),
          std::pair("[[ignore]]\nreason = \"x\"\n", ".r8scan.toml:1: [[ignore]] names no path"),
          std::pair("[[ignore]]\npath = \"a\"\nuntil = \"soon\"\n", ".r8scan.toml:3: 'until' must be a date"),
          std::pair("[[ignore]]\npath = 3\n", ".r8scan.toml:2: 'path' must be a string or a list of strings"),
          std::pair("ignore = 3\n", ".r8scan.toml:1: 'ignore' must be a list of tables"),
          std::pair("ignore = [3]\n", ".r8scan.toml:1: 'ignore' must be a list of tables"),
          std::pair("ignore = \n", ".r8scan.toml:1: the file is not read")}) {
        IgnoreList list(today);
        list.add_toml(text, ".r8scan.toml");
        CHECK_FALSE(match(list, finding_at("a")).has_value());
        CHECK(only_note(list).starts_with(part));
    }
}

TEST_CASE("repository configuration: nesting without end is refused")
{
    IgnoreList list(today);
    list.add_toml("ignore = " + std::string(200000, '[') + "\n", ".r8scan.toml");
    CHECK(only_note(list).find("the file is not read") != std::string::npos);
}
