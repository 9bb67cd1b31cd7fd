// The program as a user meets it: exit codes, what goes to which stream, files, pipes. Each test runs it by a shell.
#include "tests/support/program.h"
#include "tests/support/built_here.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>

namespace fs = std::filesystem;
using namespace r8scan;

namespace {

using test::Ran;

/// A folder with a repository "repo" that holds a token, and the means to run the program in it.
class Bench {
public:
    Bench()
    {
        test::RepoBuilder repo(m_folder / "repo");
        const test::Id first = repo.commit_files({{"settings.py", "key = \"" + m_token + "\"\n"}}, {}, "Add settings");
        repo.ref("refs/heads/main", repo.commit_files({{"settings.py", "key = None\n"}}, {first}, "Take it out"));
        test::RepoBuilder clean(m_folder / "clean");
        clean.ref("refs/heads/main", clean.commit_files({{"a", "nothing\n"}}, {}, "Nothing"));
    }

    /// Runs `before r8scan arguments`, all of it words of a shell.
    [[nodiscard]] Ran run(const std::string& arguments, const std::string& before = {}) const
    {
        return test::run_shell(m_folder.path(), before + " \"$R8SCAN\" " + arguments);
    }

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

std::size_t lines_of(const std::string& text)
{
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("program: help and version go to standard output with exit code 0")
{
    const Bench bench;
    CHECK(bench.run("-h").exit_code == 0);
    CHECK(contains(bench.run("git --help").out, "Examples"));
    CHECK(bench.run("--version").out == "r8scan 0.1.0\n");
    CHECK(bench.run("--version").exit_code == 0);
}

TEST_CASE("program: wrong usage is exit code 2, with nothing on standard output")
{
    const Bench bench;
    for (const char* arguments :
         {"", "gti", "git --fromat json", "git -j many", "git a b", "git -f sarif", "git /nope", "git .",
          "git -o none/x repo", "git -f json=. repo", "git --patterns none.toml repo"}) {
        CAPTURE(arguments);
        const Ran ran = bench.run(arguments);
        CHECK(ran.exit_code == 2);
        CHECK(ran.out.empty());
        CHECK(contains(ran.err, "r8scan: "));
        CHECK_FALSE(contains(ran.err, "word@"));
    }
}

TEST_CASE("program: a repository with a token is exit code 1, a clean one 0")
{
    const Bench bench;
    CHECK(bench.run("git repo").exit_code == 1);
    CHECK(bench.run("git repo --exit-zero").exit_code == 0);
    CHECK(bench.run("git repo", "R8SCAN_EXIT_ZERO=1").exit_code == 0);
    CHECK(bench.run("git clean").exit_code == 0);
    CHECK(bench.run("-q git clean").out.empty());
    CHECK(bench.run("-q git clean").err.empty());
}

TEST_CASE("program: the token is redacted everywhere unless it is asked for")
{
    const Bench bench;
    for (const char* arguments : {"git repo", "git repo -f json", "git repo -f jsonl --stats -v"}) {
        const Ran ran = bench.run(arguments);
        CHECK(contains(ran.out, test::redacted(bench.token())));
        CHECK_FALSE(contains(ran.out + ran.err, bench.token()));
        CHECK(contains(bench.run(std::string(arguments) + " --show-secrets").out, bench.token()));
    }
    CHECK_FALSE(contains(bench.run(bench.token()).err, bench.token()));
    CHECK_FALSE(contains(bench.run("git repo", "R8SCAN_SHOW_SECRETS=1").out, bench.token()));
}

TEST_CASE("program: several reports of one run")
{
    const Bench bench;
    const Ran ran = bench.run("git repo -f text -f json=a.json -f jsonl=b.jsonl");
    CHECK(ran.exit_code == 1);
    CHECK(contains(ran.out, "Verdict"));
    const auto object = nlohmann::json::parse(test::read_file(bench.file("a.json")));
    std::istringstream lines(test::read_file(bench.file("b.jsonl")));
    std::string line;
    std::getline(lines, line);
    CHECK(nlohmann::json::parse(line) == object["findings"][0]);
    std::getline(lines, line);
    CHECK(nlohmann::json::parse(line) == object["summary"]);
    CHECK(object["summary"]["exit_code"] == 1);
}

TEST_CASE("program: the report does not depend on the number of threads, and time is not in the text")
{
    const Bench bench;
    const Ran one = bench.run("git repo -j1");
    CHECK(one.out == bench.run("git repo -j4").out);
    CHECK(contains(one.out, "removed in"));
    CHECK_FALSE(contains(one.out, " ms"));
    CHECK(contains(one.err, " ms"));
}

TEST_CASE("program: a file with secrets is for its owner alone")
{
    const Bench bench;
    CHECK(bench.run("git repo --show-secrets -o secrets.txt").exit_code == 1);
    CHECK(static_cast<unsigned>(fs::status(bench.file("secrets.txt")).permissions()) == 0600);
    CHECK(contains(test::read_file(bench.file("secrets.txt")), bench.token()));
}

TEST_CASE("program: a full disk is exit code 3, a closed pipe is quiet")
{
    const Bench bench;
    if (fs::exists("/dev/full")) {
        const Ran full = bench.run("git repo -o /dev/full");
        CHECK(full.exit_code == 3);
        CHECK(contains(full.err, "/dev/full"));
    }
    // The reader is gone before the program starts, so its first write meets a closed pipe.
    const std::string command = "cd '" + bench.file("").string() + "' && { sleep 0.2; '" + test::program() +
                                "' git repo 2>err; echo $? >code; } | true";
    REQUIRE(std::system(command.c_str()) == 0);
    CHECK(test::read_file(bench.file("code")) == "1\n");
    CHECK(lines_of(test::read_file(bench.file("err"))) == 1);  // how long it took, and nothing else
}

TEST_CASE("program: standard error tells the verdict where standard output is for machines")
{
    const Bench bench;
    CHECK(contains(bench.run("git repo -f jsonl").err, "1 token in 1 place"));
    CHECK(contains(bench.run("git repo -o report.txt").err, "1 token in 1 place"));
    CHECK(bench.run("git repo -f jsonl -q").err.empty());
    CHECK(contains(bench.run("git repo --stats -q").err, "delta rule"));
    CHECK(contains(bench.run("git repo --stats --no-delta-rule").err, "off"));
}

TEST_CASE("program: colours are only there when asked for, since this is no terminal")
{
    const Bench bench;
    CHECK_FALSE(contains(bench.run("git repo").out, "\x1b"));
    CHECK(contains(bench.run("git repo --color always").out, "\x1b[1;31m"));
}
