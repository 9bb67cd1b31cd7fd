// `r8scan report --update-baseline`: what comes into a baseline, what stays and what goes.
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using namespace r8scan;

namespace {

/// "files" holds tokens in a.py and b.py, one each.
class Bench {
public:
    Bench()
    {
        put("a.py", 1);
        put("b.py", 2);
    }
    void put(const std::string& name, std::uint64_t seed) const
    {
        test::write_file(m_folder / "files" / name, "key = " + test::token(seed) + "\n");
    }
    [[nodiscard]] test::Ran run(const std::string& arguments, const std::string& before = {}) const
    {
        return test::run_shell(m_folder.path(), "HOME=\"$PWD/home\"; unset XDG_CONFIG_HOME; " + before + " \"$R8SCAN\" " + arguments);
    }
    /// Paths of the findings in a baseline.
    [[nodiscard]] std::vector<std::string> paths(const std::string& name) const
    {
        std::vector<std::string> all;
        const auto document = nlohmann::json::parse(test::read_file(m_folder / name));
        for (const auto& finding : document["findings"]) {
            all.push_back(finding.value("path", ""));
        }
        std::sort(all.begin(), all.end());
        return all;
    }
    [[nodiscard]] fs::path operator/(const std::string& name) const { return m_folder / name; }

private:
    test::TempDir m_folder;
};

using Paths = std::vector<std::string>;

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("update baseline: what was found comes in, what still stands stays, what does not goes")
{
    const Bench bench;
    REQUIRE(bench.run("dir files -q -f jsonl=first.jsonl").exit_code == 1);
    const auto made = bench.run("report first.jsonl --update-baseline base.json");
    CHECK(made.exit_code == 0);
    CHECK(made.out.empty());
    CHECK(made.err == "r8scan: baseline base.json: 2 findings: 2 added, 0 kept, 0 dropped that do not stand any more\n");
    CHECK(bench.run("dir files -b base.json").exit_code == 0);

    // Found with the baseline itself in use: only what is new is in the report, what stands is left out by name.
    fs::remove(bench / "files/a.py");
    bench.put("c.py", 3);
    REQUIRE(bench.run("dir files -q -b base.json -f jsonl=second.jsonl").exit_code == 1);
    const auto updated = bench.run("report second.jsonl --update-baseline base.json");
    CHECK(updated.exit_code == 0);
    CHECK(contains(updated.err, "2 findings: 1 added, 1 kept, 1 dropped that does not stand any more"));
    CHECK(bench.paths("base.json") == Paths{"files/b.py", "files/c.py"});
    const std::string before = test::read_file(bench / "base.json");
    CHECK(contains(bench.run("report second.jsonl --update-baseline base.json").err, "0 added, 2 kept, 0 dropped"));
    CHECK(test::read_file(bench / "base.json") == before);

    // Several reports, and one that was made without the baseline.
    REQUIRE(bench.run("dir files/b.py -q -f json=b.json").exit_code == 1);
    REQUIRE(bench.run("dir files/c.py -q -f jsonl=c.jsonl").exit_code == 1);
    CHECK(contains(bench.run("report b.json c.jsonl --update-baseline base.json").err, "0 added, 2 kept, 0 dropped"));
}

TEST_CASE("update baseline: nothing is dropped by a report that does not say of everything")
{
    const Bench bench;
    test::RepoBuilder repo(bench / "repo");
    const auto first = repo.commit_files({{"a.py", test::token(1) + "\n"}}, {}, "one");
    const auto second = repo.commit_files({{"a.py", "\n"}, {"b.py", test::token(2) + "\n"}}, {first}, "two");
    repo.ref("refs/heads/main", second);
    REQUIRE(bench.run("git repo -q -f jsonl=whole.jsonl").exit_code == 1);
    REQUIRE(bench.run("report whole.jsonl --update-baseline base.json").exit_code == 0);
    CHECK(bench.paths("base.json") == Paths{"a.py", "b.py"});
    REQUIRE(bench.run("git repo -q --range " + first.hex() + ".." + second.hex() + " -f jsonl=range.jsonl").exit_code == 1);
    const auto ranged = bench.run("report range.jsonl --update-baseline base.json");
    CHECK(contains(ranged.err, "0 added, 2 kept, none dropped, since a report is of a change alone"));
    CHECK(bench.paths("base.json") == Paths{"a.py", "b.py"});

    REQUIRE(bench.run("stdin -q -f jsonl=stream.jsonl <files/a.py").exit_code == 1);
    CHECK(contains(bench.run("report stream.jsonl --update-baseline base.json").err, "none dropped, since a report is of a stream"));

    std::string cut = test::read_file(bench / "whole.jsonl");
    cut.resize(cut.find('\n') + 1);
    test::write_file(bench / "cut.jsonl", cut);
    const auto incomplete = bench.run("report cut.jsonl --update-baseline base.json");
    CHECK(incomplete.exit_code == 3);
    CHECK(contains(incomplete.err, "none dropped, since not everything was read"));

    // One that counts what it left out and does not name it.
    auto summary = nlohmann::json::parse(test::read_file(bench / "whole.jsonl").substr(test::read_file(bench / "whole.jsonl").rfind("{\"type\":\"summary\"")));
    summary["suppressed"] = 4;
    test::write_file(bench / "old.jsonl", summary.dump() + "\n");
    CHECK(contains(bench.run("report old.jsonl --update-baseline base.json").err, "does not name what it left out"));
}

TEST_CASE("update baseline: the file keeps its mode, a link stays one, and a report may be written as well")
{
    const Bench bench;
    REQUIRE(bench.run("dir files -q -f jsonl=scan.jsonl").exit_code == 1);
    test::write_file(bench / "real.json", "{\"findings\":[]}\n");
    fs::permissions(bench / "real.json", fs::perms(0640));
    fs::create_symlink("real.json", bench / "base.json");
    const auto ran = bench.run("report scan.jsonl --update-baseline base.json -f csv");
    CHECK(ran.exit_code == 0);
    CHECK(contains(ran.out, "files/a.py"));
    CHECK(fs::is_symlink(bench / "base.json"));
    struct stat status {};
    REQUIRE(stat((bench / "real.json").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0640);
    CHECK(bench.paths("real.json") == Paths{"files/a.py", "files/b.py"});
    CHECK(bench.run("report scan.jsonl --update-baseline base.json -q").err.empty());
    CHECK(bench.run("report scan.jsonl -q", "export R8SCAN_UPDATE_BASELINE=other.json;").exit_code == 0);
    CHECK(fs::exists(bench / "other.json"));
}

TEST_CASE("update baseline: a report of gitleaks becomes a baseline of ours")
{
    const Bench bench;
    test::write_file(bench / "base.json",
                     R"([{"File":"files/a.py","StartLine":1,"Secret":"REDACTED","Commit":""},)"
                     R"({"File":"gone.py","StartLine":3,"Secret":"REDACTED","Commit":""}])");
    REQUIRE(bench.run("dir files -q -b base.json -f jsonl=scan.jsonl").exit_code == 1);
    const auto ran = bench.run("report scan.jsonl --update-baseline base.json");
    CHECK(contains(ran.err, "2 findings: 1 added, 1 kept, 1 dropped"));
    CHECK(bench.run("dir files -b base.json").exit_code == 0);

    test::write_file(bench / "theirs.json", R"([{"File":"files/a.py","StartLine":1,"Secret":"REDACTED","Commit":""}])");
    REQUIRE(bench.run("stdin -q -f jsonl=stream.jsonl <files/a.py").exit_code == 1);
    const auto refused = bench.run("report stream.jsonl --update-baseline theirs.json");
    CHECK(refused.exit_code == 2);
    CHECK(contains(refused.err, "write the new one to another file"));
    CHECK(contains(test::read_file(bench / "theirs.json"), "StartLine"));
}

TEST_CASE("update baseline: below the confidence nothing comes in, and nothing goes either")
{
    const Bench bench;
    REQUIRE(bench.run("dir files -q -f jsonl=scan.jsonl").exit_code == 1);
    std::string text = test::read_file(bench / "scan.jsonl");
    const std::string high = "\"confidence\":\"high\"";
    REQUIRE(contains(text, high));
    text.replace(text.find(high), high.size(), "\"confidence\":\"low\"");
    test::write_file(bench / "scan.jsonl", text);
    CHECK(contains(bench.run("report scan.jsonl --min-confidence medium --update-baseline base.json").err, "1 added"));
    CHECK(contains(bench.run("report scan.jsonl --update-baseline base.json").err, "1 added, 1 kept"));
    CHECK(contains(bench.run("report scan.jsonl --min-confidence medium --update-baseline base.json").err, "2 kept, 0 dropped"));
}

TEST_CASE("update baseline: what is no baseline or cannot be written is an error that leaves it alone")
{
    const Bench bench;
    REQUIRE(bench.run("dir files -q -f jsonl=scan.jsonl").exit_code == 1);
    test::write_file(bench / "notes.txt", "mine\n");
    CHECK(bench.run("report scan.jsonl --update-baseline notes.txt").exit_code == 2);
    CHECK(test::read_file(bench / "notes.txt") == "mine\n");
    CHECK(bench.run("report scan.jsonl --update-baseline missing/base.json").exit_code == 2);
    CHECK(bench.run("report scan.jsonl --update-baseline ''").exit_code == 2);
    CHECK(contains(bench.run("dir files --update-baseline base.json").err, "does not apply to \"dir\""));
}

TEST_CASE("report: a baseline leaves out what it knows, and names it")
{
    const Bench bench;
    REQUIRE(bench.run("dir files/a.py -q -f json=base.json").exit_code == 1);
    REQUIRE(bench.run("dir files -q -f jsonl=scan.jsonl").exit_code == 1);
    const auto ran = bench.run("report scan.jsonl -b base.json -v");
    CHECK(ran.exit_code == 1);
    CHECK(contains(ran.out, "1 suppressed finding: 1 by baseline"));
    CHECK(contains(ran.out, "files/a.py:1"));
    CHECK(contains(ran.out, "1 token in 1 place"));
    CHECK(bench.run("report base.json -b base.json").exit_code == 0);
    CHECK(bench.run("report scan.jsonl -b missing.json").exit_code == 2);
}
