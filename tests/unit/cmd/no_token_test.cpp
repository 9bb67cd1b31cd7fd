// No output holds a token that was not asked for: every command that reports, in every format, over a repository that has
// tokens wherever a report quotes from.
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using namespace r8scan;

namespace {

constexpr std::uint64_t tokens = 20;

const std::vector<std::string>& formats()
{
    static const std::vector<std::string> names{"text",   "json",  "jsonl", "sarif",    "gitlab",
                                                "github", "junit", "csv",   "gitleaks", "html"};
    return names;
}

/// Numbers of the tokens that stand in the text.
std::string tokens_in(const std::string& text)
{
    std::string found;
    for (std::uint64_t seed = 1; seed <= tokens; ++seed) {
        found += text.find(test::token(seed)) != std::string::npos ? std::to_string(seed) + ' ' : "";
    }
    return found;
}

class Bench {
public:
    Bench()
    {
        test::RepoBuilder repo(m_folder / "repo");
        const auto first = repo.commit_files({{"README", "nothing\n"}}, {}, "first");
        test::CommitOptions options;
        options.author = "Eve " + test::token(4) + " <" + test::token(15) + "@example.org>";
        options.extra_headers = "note " + test::token(16) + "\n";
        const test::Files files{
            {"keys/" + test::token(2) + ".txt", "nothing\n"},
            {"src/app.py", "first\nkey = \"" + test::token(1) + "\"\nlast\n"},
            {"allowed.py", test::token(8) + "  # r8scan:allow like " + test::token(9) + "\n"},
            {"ignored.py", test::token(10) + "\n"},
            {".r8scanignore", "ignored.py reason=\"as " + test::token(11) + " was\"\ngone-" + test::token(17) + "\n"}};
        const auto second =
            repo.commit_files(files, {first}, "Use " + test::token(3) + "\n\nand " + test::token(12), options);
        repo.ref("refs/heads/main", second);
        repo.ref("refs/heads/" + test::token(5), second);
        repo.ref("refs/tags/" + test::token(13),
                 repo.tag_object(second, test::Type::commit, test::token(13), "tag " + test::token(7)));
        repo.index({{"new-" + test::token(14) + ".py", repo.blob("k = " + test::token(18) + "\n")}});
        repo.config("[remote \"origin\"]\n\turl = https://" + test::token(6) + "@github.com/example/app.git\n");
        // One that no ref has yet, for what a push brings.
        const auto third = repo.commit_files({{"late.py", test::token(1) + "\n"}}, {second}, "Late " + test::token(3), options);
        range = first.hex() + ".." + second.hex();
        const std::string zeros(40, '0');
        write("pushed", fmt::format("refs/heads/{0} {1} refs/heads/{0} {2}\n", test::token(5), second.hex(), zeros));
        write("received", fmt::format("{} {} refs/heads/{}\n", zeros, third.hex(), test::token(12)));
        write("message", "Say " + test::token(19) + "\n");
        write("files/" + test::token(20) + "/a.env", "A=" + test::token(1) + "\n");
        write("tokens", test::token(1) + "\n" + test::token(2) + "\n");
    }

    void write(const std::string& name, const std::string& text) const { test::write_file(m_folder / name, text); }
    [[nodiscard]] std::string read(const std::string& name) const { return test::read_file(m_folder / name); }

    /// Runs the line in the folder `where`, with a home of its own.
    [[nodiscard]] test::Ran run(const std::string& line, const std::string& where = ".") const
    {
        return test::run_shell(m_folder.path(),
                               "TOP=\"$PWD\"; export TOP HOME=\"$PWD/home\" GITHUB_STEP_SUMMARY=\"$PWD/step.md\"; "
                               "unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_CACHE_HOME; cd " +
                                   where + " && " + line);
    }

    /// Runs a command once with all formats to files, and once with what it says of itself.
    void check(const std::string& command, const std::string& where = ".", const std::string& input = "/dev/null") const
    {
        CAPTURE(command);
        std::string outputs;
        for (const std::string& format : formats()) {
            fs::remove(m_folder / ("all." + format));
            outputs += fmt::format(" -f {0}=\"$TOP/all.{0}\"", format);
        }
        fs::remove(m_folder / "step.md");
        const test::Ran ran = run(fmt::format("\"$R8SCAN\" {} -v {} <\"{}\"", command, outputs, input), where);
        CHECK(ran.exit_code != 2);
        CHECK(tokens_in(ran.out + ran.err) == "");
        for (const std::string& format : formats()) {
            CAPTURE(format);
            const std::string text = read("all." + format);
            CHECK(text.find("r8_") != std::string::npos);
            CHECK(tokens_in(text) == "");
        }
        CHECK(tokens_in(read("step.md")) == "");
    }

    std::string range;

private:
    test::TempDir m_folder;
};

}  // namespace

TEST_CASE("no token: scans of every kind, in every format")
{
    const Bench bench;
    bench.check("git repo");
    bench.check("git repo --show-placeholders --no-attribution --min-confidence low");
    bench.check("git repo --range " + bench.range);
    bench.check("staged", "repo");
    bench.check("push origin", "repo", "$TOP/pushed");
    bench.check("receive", "repo", "$TOP/received");
    bench.check("ci --range " + bench.range, "repo");
    bench.check("dir files");
    bench.check("stdin", ".", "$TOP/message");
    bench.check("message message");
}

TEST_CASE("no token: a finding that is explained, reports of reports, and a baseline")
{
    const Bench bench;
    REQUIRE(bench.run("\"$R8SCAN\" git repo -q -f jsonl=scan.jsonl").exit_code == 1);
    REQUIRE(bench.run("\"$R8SCAN\" git repo -q --show-secrets -f jsonl=clear.jsonl -f json=clear.json").exit_code == 1);
    REQUIRE(tokens_in(bench.read("clear.jsonl")) != "");
    const std::string text = bench.read("scan.jsonl");
    const auto finding = nlohmann::json::parse(text.substr(0, text.find('\n')));
    bench.check("explain " + finding["fingerprint"].get<std::string>() + " repo");
    const auto summary = nlohmann::json::parse(text.substr(text.rfind('\n', text.size() - 2) + 1));
    REQUIRE(summary["suppressed_findings"].size() == 3);  // two on one line
    for (const auto& left_out : summary["suppressed_findings"]) {
        bench.check("explain " + left_out["fingerprint"].get<std::string>() + " repo");
    }
    bench.check("report scan.jsonl");
    bench.check("report clear.jsonl clear.json");
    CHECK(bench.run("\"$R8SCAN\" report clear.jsonl --update-baseline base.json").exit_code == 0);
    CHECK(bench.read("base.json").find("r8_") != std::string::npos);
    CHECK(tokens_in(bench.read("base.json")) == "");
}

TEST_CASE("no token: what is verified by a server that is not there, and what waits to be delivered")
{
    const Bench bench;
    const std::string dead = " --api-base http://127.0.0.1:1 --deliver-timeout 1";
    bench.check("git repo --verify" + dead);
    for (const std::string format : {"text", "json", "jsonl"}) {
        const auto verified = bench.run("\"$R8SCAN\" verify -v -f " + format + dead + " <tokens");
        CHECK(verified.exit_code == 3);
        CHECK(tokens_in(verified.out + verified.err) == "");
    }
    const std::string callbacks = " --on-finding http://127.0.0.1:1/n --on-finding revoke=http://127.0.0.1:1/r" + dead;
    bench.check("git repo --revoke --yes" + callbacks);
    CHECK(tokens_in(bench.run("\"$R8SCAN\" revoke --yes -v" + callbacks + " <tokens").err) == "");
    for (const std::string format : {"text", "json", "jsonl"}) {
        const auto listed = bench.run("\"$R8SCAN\" outbox list -v -f " + format);
        CHECK(listed.exit_code == 0);
        CHECK(listed.out.find("r8_") != std::string::npos);
        CHECK(tokens_in(listed.out + listed.err) == "");
    }
    CHECK(tokens_in(bench.run("\"$R8SCAN\" outbox deliver -v" + callbacks).err) == "");
}
