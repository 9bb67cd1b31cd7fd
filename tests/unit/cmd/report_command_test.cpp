// `r8scan report` as a user meets it.
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

using namespace r8scan;
using Json = nlohmann::json;

namespace {

std::string token_of(char name)
{
    return test::token(static_cast<unsigned char>(name));
}

/// Folders "a" and "b" with a file each that holds a token of its own, scanned into a.jsonl and b.jsonl.
class Bench {
public:
    Bench()
    {
        for (const char* const name : {"a", "b"}) {
            std::filesystem::create_directory(m_folder / name);
            test::write_file(m_folder / (std::string(name) + "/key.txt"), "key = " + token_of(name[0]) + "\n");
            REQUIRE(run("dir " + std::string(name) + " -q -f jsonl -o " + name + ".jsonl").exit_code == 1);
        }
    }
    [[nodiscard]] test::Ran run(const std::string& arguments, const std::string& before = {}) const
    {
        return test::run_shell(m_folder.path(), before + " \"$R8SCAN\" " + arguments);
    }
    [[nodiscard]] std::string read(const std::string& name) const { return test::read_file(m_folder / name); }
    [[nodiscard]] std::filesystem::path file(const std::string& name) const { return m_folder / name; }

private:
    test::TempDir m_folder;
};

}  // namespace

TEST_CASE("report: a report in its own format again is the same")
{
    const Bench bench;
    const test::Ran ran = bench.run("report a.jsonl -f jsonl");
    CHECK(ran.exit_code == 1);
    CHECK(ran.out == bench.read("a.jsonl"));
    CHECK(bench.run("report -f jsonl - < a.jsonl").out == ran.out);
}

TEST_CASE("report: several become one, in several formats, and one may take the place of what was read")
{
    const Bench bench;
    const test::Ran ran = bench.run("report a.jsonl b.jsonl a.jsonl -f jsonl=a.jsonl -f csv=all.csv -f html=all.html");
    CHECK(ran.exit_code == 1);
    CHECK(ran.err.find("2 tokens in 2 places") != std::string::npos);
    const std::string text = bench.read("a.jsonl");
    const Json summary = Json::parse(text.substr(text.rfind('\n', text.size() - 2) + 1));
    CHECK(summary["findings"] == 2);
    CHECK(summary["objects"]["by_type"]["file"] == 3);
    CHECK(bench.read("all.csv").find("a/key.txt") != std::string::npos);
    CHECK(bench.read("all.csv").find("b/key.txt") != std::string::npos);
    CHECK(bench.read("all.html").find("2 tokens in 2 places") != std::string::npos);
}

TEST_CASE("report: what was incomplete stays so, and a report without its end is")
{
    const Bench bench;
    std::string text = bench.read("a.jsonl");
    text.resize(text.rfind('\n', text.size() - 2) + 1);
    test::write_file(bench.file("cut.jsonl"), text);
    const test::Ran ran = bench.run("report cut.jsonl b.jsonl -f text");
    CHECK(ran.exit_code == 3);
    CHECK(ran.out.find("report without its end: 1") != std::string::npos);
}

TEST_CASE("report: replace-text is made only of a report that holds the tokens")
{
    const Bench bench;
    const test::Ran redacted = bench.run("report a.jsonl -f replace-text=list.txt");
    CHECK(redacted.exit_code == 2);
    CHECK(redacted.err.find("in the clear") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(bench.file("list.txt")));
    REQUIRE(bench.run("dir a -q --show-secrets -f jsonl=full.jsonl").exit_code == 1);
    CHECK(bench.run("report full.jsonl -f replace-text=list.txt").exit_code == 1);
    CHECK(bench.read("list.txt") == "literal:" + token_of('a') + "==>***REMOVED***\n");
    // Other formats redact what the report holds in the clear.
    CHECK(bench.run("report full.jsonl -f jsonl").out.find(token_of('a')) == std::string::npos);
}

TEST_CASE("report: wrong use is told with what to do")
{
    const Bench bench;
    CHECK(bench.run("report").exit_code == 2);
    CHECK(bench.run("report missing.jsonl").exit_code == 2);
    CHECK(bench.run("report a/key.txt").err.find("line 1: no JSON") != std::string::npos);
    CHECK(bench.run("report a.jsonl --stats").exit_code == 2);
    CHECK(bench.run("report a.jsonl --exit-zero -q").exit_code == 0);
    CHECK(bench.run("report a.jsonl -q", "R8SCAN_STATS=1").exit_code == 1);
}
