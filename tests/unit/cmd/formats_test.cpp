// Every format as the program writes it: from a scan of a repository that has tokens wherever a report quotes from.
#include "report/line_hash.h"
#include "tests/support/built_here.h"
#include "tests/support/json_schema.h"
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using namespace r8scan;
using Json = nlohmann::json;

namespace {

const std::vector<std::string>& formats()
{
    static const std::vector<std::string> names{"text",   "json",  "jsonl", "sarif",    "gitlab",
                                                "github", "junit", "csv",   "gitleaks", "html"};
    return names;
}

/// "repo" holds token(1) to token(6): in a file, a path, a message, an author's name, a branch and a remote's address.
class Bench {
public:
    Bench()
    {
        test::RepoBuilder repo(m_folder / "repo");
        const std::string path = "keys/" + test::token(2) + ".txt";
        test::CommitOptions options;
        options.author = "Eve " + test::token(4) + " <eve@example.org>";
        const std::string text = "first\nkey = \"" + test::token(1) + "\"\nlast\n";
        const test::Id commit = repo.commit_files({{path, "nothing\n"}, {"src/app.py", text}}, {},
                                                  "Use " + test::token(3), options);
        repo.ref("refs/heads/main", commit);
        repo.ref("refs/heads/" + test::token(5), commit);
        repo.config("[remote \"origin\"]\n\turl = https://" + test::token(6) + "@github.com/example/app.git\n");
        repo.file("src/app.py", text);
    }

    [[nodiscard]] test::Ran run(const std::string& arguments, const std::string& before = {}) const
    {
        return test::run_shell(m_folder.path(), before + " \"$R8SCAN\" " + arguments);
    }
    [[nodiscard]] std::string read(const std::string& name) const { return test::read_file(m_folder / name); }
    [[nodiscard]] fs::path file(const std::string& name) const { return m_folder / name; }

private:
    test::TempDir m_folder;
};

std::size_t tokens_in(const std::string& text)
{
    std::size_t count = 0;
    for (unsigned seed = 1; seed <= 6; ++seed) {
        count += text.find(test::token(seed)) != std::string::npos ? 1U : 0U;
    }
    return count;
}

mode_t mode_of(const fs::path& file)
{
    struct stat status {};
    REQUIRE(stat(file.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

}  // namespace

TEST_CASE("formats: none holds a token at default settings, wherever tokens stand")
{
    const Bench bench;
    std::string all;
    for (const std::string& format : formats()) {
        CAPTURE(format);
        const test::Ran ran = bench.run("git repo -v -f " + format, "GITHUB_STEP_SUMMARY=step.md");
        CHECK(ran.exit_code == 1);
        CHECK(ran.out.find("r8_") != std::string::npos);
        CHECK(tokens_in(ran.out) == 0);
        CHECK(tokens_in(ran.err) == 0);
        all += " -f " + format + "=all." + format;
    }
    CHECK(tokens_in(bench.read("step.md")) == 0);
    CHECK(bench.read("step.md").find("r8&#95;") != std::string::npos);

    // The same in one run, to files.
    const test::Ran ran = bench.run("git repo" + all);
    CHECK(ran.exit_code == 1);
    CHECK(ran.out.empty());
    for (const std::string& format : formats()) {
        CAPTURE(format);
        CHECK(bench.read("all." + format).find("r8_") != std::string::npos);
        CHECK(tokens_in(bench.read("all." + format)) == 0);
    }
}

TEST_CASE("formats: each shows tokens where that is asked for, in files of the owner alone")
{
    const Bench bench;
    for (const std::string& format : formats()) {
        CAPTURE(format);
        CHECK(bench.run("git repo --show-secrets -f " + format + "=secret." + format).exit_code == 1);
        CHECK(tokens_in(bench.read("secret." + format)) >= 5);
        CHECK(mode_of(bench.file("secret." + format)) == 0600);
    }
}

TEST_CASE("formats: replace-text holds every token, in a file of the owner alone")
{
    const Bench bench;
    CHECK(bench.run("git repo -q -f replace-text=list.txt").exit_code == 1);
    CHECK(tokens_in(bench.read("list.txt")) == 6);
    CHECK(mode_of(bench.file("list.txt")) == 0600);
    CHECK(bench.run("git repo -f text", "R8SCAN_FORMAT=replace-text").exit_code == 1);
    CHECK(bench.run("git repo", "R8SCAN_FORMAT=replace-text").exit_code == 2);
}

TEST_CASE("formats: sarif of a scan is valid, and knows the lines of files that are there")
{
    const Bench bench;
    const test::Ran ran = bench.run("git repo/src -f sarif");
    const std::string schema = test::read_file(fs::path(test::source_dir()) / "tests/schemas/sarif-2.1.0-rtm.5.json");
    CHECK(test::schema_error(schema, ran.out) == "");
    const std::string expected = report::line_hashes("first\nkey = \"" + test::token(1) + "\"\nlast\n")[1];
    std::size_t hashed = 0;
    const Json log = Json::parse(ran.out);
    for (const Json& result : log["runs"][0]["results"]) {
        const Json& place = result["locations"][0]["physicalLocation"];
        if (place["artifactLocation"]["uri"] == "src/app.py") {
            ++hashed;
            CHECK(place["region"]["startLine"] == 2);
            CHECK(result["partialFingerprints"]["primaryLocationLineHash"] == expected);
        }
    }
    CHECK(hashed == 1);
}

TEST_CASE("formats: the page of a step is added to what stands there")
{
    const Bench bench;
    test::write_file(bench.file("step.md"), "# before\n");
    const test::Ran shown = bench.run("git repo -f github", "GITHUB_STEP_SUMMARY=step.md");
    CHECK(shown.out.find("r8scan: ") != std::string::npos);
    CHECK(shown.err.find(" tokens in ") == std::string::npos);  // once in the log of a step is enough
    test::write_file(bench.file("step.md"), "# before\n");
    CHECK(bench.run("git repo -f github -o log.txt", "GITHUB_STEP_SUMMARY=step.md").exit_code == 1);
    CHECK(bench.read("step.md").starts_with("# before\n## r8scan: "));
    CHECK(bench.read("log.txt").starts_with("::error "));
    // Other formats leave it alone, and a page that cannot be written is said before anything is scanned.
    const std::string page = bench.read("step.md");
    CHECK(bench.run("git repo", "GITHUB_STEP_SUMMARY=step.md").exit_code == 1);
    CHECK(bench.read("step.md") == page);
    CHECK(bench.run("git repo -f github", "GITHUB_STEP_SUMMARY=missing/step.md").exit_code == 2);
}
