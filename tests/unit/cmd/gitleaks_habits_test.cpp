// What the words of gitleaks' command line become: each row of the table, and the program as somebody runs it who comes
// from there.
#include "cmd/command_line.h"
#include "cmd/gitleaks_habits.h"
#include "cmd/gitleaks_log_opts.h"
#include "cmd/gitleaks_table.h"
#include "cmd/option_table.h"
#include "tests/support/git_command.h"
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace r8scan;
using namespace r8scan::cmd;

namespace {

using Words = std::vector<std::string>;

std::string line_of(const Words& words)
{
    std::string line;
    for (const std::string& word : words) {
        line += (line.empty() ? "" : " ") + word;
    }
    return line;
}

Words words_of(const std::string& line)
{
    std::istringstream in(line);
    Words words;
    for (std::string word; in >> word;) {
        words.push_back(word);
    }
    return words;
}

/// The line in our words; what is refused as "refused: " and the message.
std::string translated(const Words& words)
{
    const Result<Translated> done = translate_gitleaks(words);
    if (!done) {
        CHECK(done.error().code() == ErrorCode::usage);
        return "refused: " + done.error().message();
    }
    return line_of(done->words);
}

std::string translated(const std::string& line)
{
    return translated(words_of(line));
}

std::string log_opts(const std::string& value)
{
    const Result<LogOptions> options = translate_log_opts(value);
    return options ? line_of(options->words) : "refused: " + options.error().message();
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("gitleaks habits: a line of ours comes through as it is, values and arguments that look like theirs too")
{
    for (const char* const line :
         {"git", "git ~/src/app -f jsonl", "git -j 4 repo --range main..feature -v", "dir build/ deploy.log -q",
          "hook install --stage pre-push --stage commit-msg", "git detect", "git -o -r", "git --branch --staged",
          "message .git/COMMIT_EDITMSG", "git -- --redact -r x", "git --unknown x", "-h", "stdin -", "outbox retry 1a"}) {
        CHECK(translated(std::string(line)) == line);
    }
    CHECK(translated(Words()).empty());
    CHECK(translate_gitleaks({"git", "-v"})->notes.empty());
}

TEST_CASE("gitleaks habits: every row of the table is taken, or refused with what to say here")
{
    for (const Habit& habit : gitleaks_habits) {
        CAPTURE(habit.name);
        const std::string name = "--" + std::string(habit.name);
        const std::string value = habit.takes == Takes::nothing ? "" : "=1";
        const Result<Translated> done = translate_gitleaks({"git", name + value});
        switch (habit.becomes) {
            case Becomes::ours: {
                REQUIRE(done.ok());
                CHECK(line_of(done->words).starts_with("git " + std::string(habit.words)));
                CHECK(done->notes.size() == 1);
                break;
            }
            case Becomes::nothing:
                REQUIRE(done.ok());
                CHECK(line_of(done->words) == "git");
                CHECK(done->notes.size() == 1);
                CHECK(contains(done->notes[0], name + " has no effect: "));
                break;
            case Becomes::refused:
                REQUIRE_FALSE(done.ok());
                CHECK(contains(done.error().message(), name + " is gitleaks': "));
                break;
            case Becomes::own_way:
                CHECK((done.ok() || contains(done.error().message(), "--")));
                break;
        }
        // A value may stand behind the option as well, and the letter does the same.
        if (habit.takes == Takes::value) {
            CHECK(translated(Words{"git", name, "1"}) == translated(Words{"git", name + "=1"}));
            CHECK(contains(translated(Words{"git", name}), "needs a value"));
            if (habit.letter != 0) {
                const std::string letter{'-', habit.letter};
                const auto same = [&](const Words& words) {
                    const Result<Translated> one = translate_gitleaks(words);
                    return one.ok() == done.ok() && (!one.ok() || one->words == done->words);
                };
                CHECK(same({"git", letter, "1"}));
                CHECK(same({"git", letter + "1"}));
                CHECK(same({"git", letter + "=1"}));
            }
        }
    }
}

TEST_CASE("gitleaks habits: no row stands for an option of ours")
{
    for (const Habit& habit : gitleaks_habits) {
        for (const OptionSpec& option : option_table()) {
            CHECK(habit.name != option.name);
            CHECK((habit.letter == 0 || habit.letter != option.letter));
        }
    }
}

TEST_CASE("gitleaks habits: what is taken is taken by the parser too")
{
    const std::vector<std::pair<std::string, std::string>> lines{
        {"git --redact --no-banner -v", "git -v"},
        {"git --redact=20 --log-level warn -l debug", "git"},
        {"git --report-format sarif --report-path out.sarif", "git --format sarif --output out.sarif"},
        {"git -f json -r out.json", "git -f json --output out.json"},
        {"git -r out.json", "--format json git --output out.json"},
        {"git -r out.csv .", "--format csv git --output out.csv ."},
        {"git --report-path - --report-format junit", "git --output - --format junit"},
        {"git -r out.txt", "git --output out.txt"},
        {"git --exit-code 0", "git --exit-zero"},
        {"git --exit-code=1", "git"},
        {"git --no-color", "git --color=never"},
        {"git -b base.json -c .gitleaks.toml", "git -b base.json -c .gitleaks.toml"},
        {"git -i .", "git"},
        {"git --gitleaks-ignore-path ./.gitleaksignore", "git"},
        {"git --platform github --max-target-megabytes 10 --max-decode-depth 3 --max-archive-depth=2", "git"},
        {"git --log-opts=--all", "git"},
        {"git --log-opts main..feature repo", "git --range main..feature repo"},
        {"git -s repo", "git repo"},
        {"--source repo git", "git repo"},
        {"git --pre-commit --staged --redact .", "staged"},
        {"git --staged -v", "staged -v"},
        {"directory .", "dir ."},
        {"file a.txt", "dir a.txt"},
        {"version", "--version"},
        {"help", "-h"},
        {"help git", "-h git"},
        {"git --staged=false --no-banner=false --pre-commit=false", "git"},
        {"stdin --no-banner", "stdin"},
    };
    for (const auto& [theirs, ours] : lines) {
        CAPTURE(theirs);
        CHECK(translated(theirs) == ours);
        CHECK(parse_command_line(words_of(ours)).ok());
    }
}

TEST_CASE("gitleaks habits: what cannot be done so is refused with the words that do it here")
{
    const std::vector<std::pair<std::string, std::string>> lines{
        {"detect", "`r8scan git`"},
        {"detect -s repo -v", "`r8scan git repo`"},
        {"detect --source=repo --no-git", "`r8scan dir repo`"},
        {"detect --no-git", "`r8scan dir .`"},
        {"detect --pipe", "`r8scan stdin`"},
        {"protect --staged", "`r8scan staged`"},
        {"protect", "r8scan git --worktree"},
        {"git --exit-code 7", "--exit-zero"},
        {"git --report-format template", "-f csv"},
        {"git --report-template x.tmpl", "-f csv"},
        {"git --pre-commit", "r8scan git --worktree"},
        {"dir --staged .", "r8scan staged"},
        {"git --staged elsewhere", "go to the folder first"},
        {"git -i other/ignore", "--baseline-path"},
        {"git --enable-rule aws", "--patterns"},
        {"git --ignore-gitleaks-allow", "--no-repo-config"},
        {"dir . --follow-symlinks", "r8scan dir PATH TARGET"},
        {"git --timeout 60", "timeout -s INT"},
        {"git --diagnostics cpu", "--stats"},
        {"git --no-git", "r8scan dir"},
        {"git --pipe", "r8scan stdin"},
    };
    for (const auto& [theirs, way] : lines) {
        CAPTURE(theirs);
        const std::string answer = translated(theirs);
        CHECK(answer.starts_with("refused: "));
        CHECK(contains(answer, way));
    }
}

TEST_CASE("gitleaks habits: log options that choose commits become ranges or branches, or are refused")
{
    const std::vector<std::pair<std::string, std::string>> values{
        {"", ""},
        {"--all", ""},
        {"--all --full-history -p -U0", ""},
        {"main..feature", "--range main..feature"},
        {"a...b c..d", "--range a...b --range c..d"},
        {"'v1..v2'", "--range v1..v2"},
        {"feature ^main", "--range main..feature"},
        {"feature --not main", "--range main..feature"},
        {"a b ^c", "--range c..a --range c..b"},
        {"main", "--branch main"},
        {"main topic/one", "--branch main --branch topic/one"},
    };
    for (const auto& [value, ours] : values) {
        CAPTURE(value);
        CHECK(log_opts(value) == ours);
    }
    for (const auto& [value, way] : std::vector<std::pair<std::string, std::string>>{
             {"--since=2024-01-01", "--since-commit COMMIT"},
             {"--since 2024-01-01", "--since-commit COMMIT"},
             {"--before=yesterday", "--range COMMIT..HEAD"},
             {"-n 5", "--range HEAD~5..HEAD"},
             {"-n5", "--range HEAD~5..HEAD"},
             {"-3", "--range HEAD~3..HEAD"},
             {"--max-count=2", "--range HEAD~2..HEAD"},
             {"--max-count 2", "--range HEAD~2..HEAD"},
             {"-n", "--range HEAD~N..HEAD"},
             {"--first-parent", "--range A..B"},
             {"--author=me", "--range A..B"},
             {"-- src", ".r8scanignore"},
             {"HEAD", "--branch NAME"},
             {"0123456789abcdef", "--range A..B"},
             {"HEAD~3", "--range A..B"},
             {"a ^b ^c", "--range A..B"},
             {"^a", "--range A..B"},
             {"--all a..b", "leave one of the two out"}}) {
        CAPTURE(value);
        CHECK(log_opts(value).starts_with("refused: --log-opts: "));
        CHECK(contains(log_opts(value), way));
    }
}

TEST_CASE("gitleaks habits: the program scans, says with -v what was taken for what, and is quiet about it otherwise")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto first = repo.commit_files({{"a", "k=" + test::token(1) + "\n"}}, {}, "one");
    const auto second = repo.commit_files({{"a", "k=" + test::token(1) + "\n"}, {"b", "k=" + test::token(2) + "\n"}},
                                          {first}, "two");
    repo.ref("refs/heads/main", second);
    const auto run = [&](const std::string& words) {
        return test::run_shell(folder.path(), "\"$R8SCAN\" " + words);
    };
    const auto quiet = run("git repo --redact --no-banner --max-target-megabytes 5");
    CHECK(quiet.exit_code == 1);
    CHECK(!contains(quiet.err, "no effect"));
    const auto verbose = run("git repo --redact --no-banner -v");
    CHECK(contains(verbose.err, "r8scan: --no-banner has no effect: there is no banner"));
    CHECK(contains(verbose.err, "r8scan: --redact has no effect: tokens are always redacted whole"));
    const auto clear = run("git repo --redact=0");
    CHECK(contains(clear.err, "--show-secrets"));
    CHECK(!contains(clear.out + clear.err, test::token(1)));
    CHECK(!contains(run("git repo --redact=0 -q").err, "--show-secrets"));

    CHECK(run("git repo -r out.sarif --exit-code 0").exit_code == 0);
    CHECK(contains(test::read_file(folder / "out.sarif"), "\"version\":\"2.1.0\""));
    const auto range = run("git repo --log-opts=" + first.hex() + ".." + second.hex() + " --report-format jsonl");
    CHECK(contains(range.out, "\"path\":\"b\""));
    CHECK(!contains(range.out, "\"path\":\"a\""));
    CHECK(run("detect -s repo").exit_code == 2);
    CHECK(contains(run("detect -s repo").err, "`r8scan git repo`"));
    CHECK(run("git repo --log-opts=--since=2020-01-01").exit_code == 2);
    CHECK(run("version").out == run("--version").out);
}

TEST_CASE("gitleaks habits: rules of gitleaks count where they are given, not where a repository has them")
{
    const test::TempDir folder;
    const std::string rules = "[[rules]]\nid = \"x-key\"\nregex = '''x_[0-9]{12}'''\nkeywords = [\"x_\"]\n";
    test::RepoBuilder repo(folder / "repo");
    const auto head = repo.commit_files({{".gitleaks.toml", rules}, {"a", "k = x_012345678901\n"}}, {}, "rules");
    repo.ref("refs/heads/main", head);
    test::write_file(folder / "mine.toml", rules);
    test::write_file(folder / "files/.gitleaks.toml", rules);
    test::write_file(folder / "files/a", "k = x_012345678901\n");
    const auto run = [&](const std::string& words) {
        return test::run_shell(folder.path(), "HOME=\"$PWD\" \"$R8SCAN\" " + words);
    };
    const auto without = run("git repo");
    CHECK(without.exit_code == 0);
    CHECK(contains(without.out, ".gitleaks.toml: what is scanned sets no rules"));
    CHECK(contains(run("dir files").out, "files/.gitleaks.toml: what is scanned sets no rules"));
    CHECK(run("dir files").exit_code == 0);
    CHECK(!contains(run("git repo --no-repo-config").out, ".gitleaks.toml"));
    for (const char* const option : {"-c", "--patterns"}) {
        CHECK(contains(run(std::string("git repo ") + option + " mine.toml -f jsonl").out, "\"rule\":\"x-key\""));
    }
}

TEST_CASE("gitleaks habits: a .gitleaks.toml in the index is no rule of a commit")
{
    if (!test::have_git()) {
        return;
    }
    const test::TempDir folder;
    test::write_file(folder / "a.py", "k = " + test::token(1) + "\n");
    test::write_file(folder / ".gitleaks.toml", "[allowlist]\npaths = ['a.py']\n");
    const auto ran = test::run_shell(folder.path(), "git init -q . && git add a.py .gitleaks.toml && \"$R8SCAN\" staged");
    CHECK(ran.exit_code == 1);
    CHECK(contains(ran.out, ".gitleaks.toml: what is scanned sets no rules"));
}
