// `r8scan dir` and `r8scan stdin` as a user meets them.
#include "tests/support/archives.h"
#include "tests/support/program.h"
#include "tests/support/special_files.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace fs = std::filesystem;
using namespace r8scan;

namespace {

class Bench {
public:
    Bench()
    {
        test::write_file(m_folder / "in/src/settings.py", "key = \"" + m_token + "\"\n");
        test::write_file(m_folder / "in/.git/HEAD", "ref: refs/heads/main\n");
        test::write_file(m_folder / "clean/a", "nothing\n");
    }

    /// A line of the shell; "$R8SCAN" is the program.
    [[nodiscard]] test::Ran run(const std::string& line) const { return test::run_shell(m_folder.path(), line); }
    [[nodiscard]] test::Ran r8scan(const std::string& arguments) const { return run("\"$R8SCAN\" " + arguments); }

    [[nodiscard]] fs::path file(const std::string& name) const { return m_folder / name; }
    [[nodiscard]] const std::string& token() const { return m_token; }

private:
    test::TempDir m_folder;
    std::string m_token = test::token(7);
};

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

std::vector<nlohmann::json> records(const std::string& jsonl)
{
    std::vector<nlohmann::json> all;
    std::istringstream lines(jsonl);
    for (std::string line; std::getline(lines, line);) {
        all.push_back(nlohmann::json::parse(line));
    }
    return all;
}

}  // namespace

TEST_CASE("dir: a folder with a token is exit code 1, a clean one 0")
{
    const Bench bench;
    const auto found = bench.r8scan("dir in");
    CHECK(found.exit_code == 1);
    CHECK(contains(found.out, "in/src/settings.py:1:8"));
    CHECK(contains(found.out, test::redacted(bench.token())));
    CHECK_FALSE(contains(found.out + found.err, bench.token()));
    CHECK(contains(found.out, "Read      1 file ("));
    CHECK(contains(found.out, "1 `.git` was not entered"));
    CHECK(bench.r8scan("dir in --exit-zero").exit_code == 0);
    const auto clean = bench.r8scan("dir clean");
    CHECK(clean.exit_code == 0);
    CHECK(contains(clean.out, "no tokens found: every file was read"));
    CHECK(bench.r8scan("-q dir clean").out.empty());
}

TEST_CASE("dir: several paths, files among them, and what is given inside .git")
{
    const Bench bench;
    CHECK(contains(bench.r8scan("dir clean in/src/settings.py in").out, "Read      2 files ("));
    CHECK(contains(bench.r8scan("dir in/.git").out, "Read      1 file ("));
}

TEST_CASE("dir: wrong usage is exit code 2, says the way out, and scans nothing")
{
    const Bench bench;
    const std::vector<std::pair<const char*, const char*>> cases{{"dir", "r8scan dir ."},
                                                                 {"dir in none", "\"none\": no such file or folder"},
                                                                 {"dir ''", "a path is empty"},
                                                                 {"dir /dev/null", "r8scan stdin"},
                                                                 {"dir in --verify-objects", "it is an option of git"},
                                                                 {"git --respect-ignore", "it is an option of dir"},
                                                                 {"stdin -j 2", "it is an option of git, ci, dir"},
                                                                 {"stdin in", "r8scan dir in"}};
    for (const auto& [arguments, words] : cases) {
        CAPTURE(arguments);
        const auto ran = bench.r8scan(arguments);
        CHECK(ran.exit_code == 2);
        CHECK(ran.out.empty());
        CHECK(contains(ran.err, words));
    }
}

TEST_CASE("dir: a variable for an option of another command is no mistake")
{
    const Bench bench;
    CHECK(bench.run("R8SCAN_VERIFY_OBJECTS=maybe \"$R8SCAN\" dir clean").exit_code == 0);
    CHECK(bench.run("R8SCAN_RESPECT_IGNORE=maybe \"$R8SCAN\" dir clean").exit_code == 2);
}

TEST_CASE("dir: the records have no fields of a repository")
{
    const Bench bench;
    const auto all = records(bench.r8scan("dir in -f jsonl").out);
    REQUIRE(all.size() == 2);
    CHECK(all[0]["kind"] == "file");
    CHECK(all[0]["path"] == "in/src/settings.py");
    for (const char* field : {"repository", "commit", "object", "at_head", "refs", "removed_in", "reachable"}) {
        CHECK_FALSE(all[0].contains(field));
    }
    CHECK(all[1]["objects"]["by_type"]["file"] == 1);
    CHECK_FALSE(all[1].contains("connectivity"));
    CHECK(all[1]["complete"] == true);
}

TEST_CASE("dir: pipes on the way do not stop it and do not change the exit code")
{
    const Bench bench;
    test::make_pipe(bench.file("clean/pipe"));
    const auto ran = bench.r8scan("dir clean");
    CHECK(ran.exit_code == 0);
    CHECK(contains(ran.out, "\"clean/pipe\": a pipe"));
}

TEST_CASE("dir: what git ignores is left out with --respect-ignore")
{
    const Bench bench;
    test::write_file(bench.file("in/.gitignore"), "src/\n");
    const auto ran = bench.r8scan("dir in --respect-ignore");
    CHECK(ran.exit_code == 0);
    CHECK(contains(ran.out, "0 ignored files and 1 ignored folder were not read"));
}

TEST_CASE("dir: the report does not depend on the number of threads")
{
    const Bench bench;
    for (int i = 0; i < 50; ++i) {
        test::write_file(bench.file("in/" + std::to_string(i)), test::token(static_cast<std::uint64_t>(i) % 5) + "\n");
    }
    CHECK(bench.r8scan("dir in -j1").out == bench.r8scan("dir in -j4").out);
    CHECK(contains(bench.r8scan("dir in --stats").err, "symbolic links"));
    CHECK_FALSE(contains(bench.r8scan("dir in --stats").err, "delta rule"));
}

TEST_CASE("stdin: a pipe, a file, an archive")
{
    const Bench bench;
    const auto piped = bench.run("(sleep 0.1; cat in/src/settings.py) | \"$R8SCAN\" stdin");
    CHECK(piped.exit_code == 1);
    CHECK(contains(piped.out, "stdin, line 1, column 8"));
    CHECK(bench.run("\"$R8SCAN\" stdin < in/src/settings.py").exit_code == 1);
    const auto nothing = bench.r8scan("stdin");
    CHECK(nothing.exit_code == 0);
    CHECK(contains(nothing.out, "all of standard input was read"));
    test::write_file(bench.file("a.zip"), test::archive_of({{"b", bench.token()}}, "zip"));
    CHECK(contains(bench.run("cat a.zip | \"$R8SCAN\" stdin").out, "stdin!b:1:1"));
    const auto record = records(bench.run("\"$R8SCAN\" stdin -f jsonl < in/src/settings.py").out);
    REQUIRE(record.size() == 2);
    CHECK(record[0]["kind"] == "stdin");
    CHECK_FALSE(record[0].contains("path"));
}

TEST_CASE("stdin: closed, or a folder, is wrong usage")
{
    const Bench bench;
    const auto closed = bench.run("\"$R8SCAN\" stdin -o report <&-");
    CHECK(closed.exit_code == 2);
    CHECK(contains(closed.err, "standard input is closed"));
    CHECK_FALSE(fs::exists(bench.file("report")));
    CHECK(bench.run("\"$R8SCAN\" stdin < in").exit_code == 2);
}

TEST_CASE("stdin: a signal ends the wait for more, and what came is reported")
{
    const Bench bench;
    test::make_pipe(bench.file("pipe"));
    const auto ran = bench.run(
        "(cat in/src/settings.py; sleep 20) > pipe & writer=$!\n"
        "\"$R8SCAN\" stdin < pipe & scan=$!\n"
        "sleep 0.5; kill -TERM $scan; wait $scan; code=$?; kill $writer; exit $code");
    CHECK(ran.exit_code == 130);
    CHECK(contains(ran.out, "stdin, line 1, column 8"));
    CHECK(contains(ran.out, "INTERRUPTED"));
}
