// Names and messages made to act on whoever reads the report: a terminal, a build server's log, a spreadsheet, a
// browser.
//
// Each report of the program is looked at as bytes, on both of its outputs, for a scan that finds tokens everywhere and
// for one that ends with an error.
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string>
#include <vector>

using namespace r8scan::test;

namespace {

const std::vector<std::string>& hostile_texts()
{
    static const std::vector<std::string> texts{"\x1b[31mred\x1b]0;title\x07",
                                                "\r::error file=a::owned",
                                                "::error::owned",
                                                "\n::set-output name=a::owned",
                                                "##vso[task.setvariable variable=a]owned",
                                                "\n##[error]owned",
                                                "##teamcity[message text='owned']",
                                                "=cmd|'/c calc'!A1",
                                                "@SUM(1+1)",
                                                "+1+1",
                                                "-1+1",
                                                "\t=1+1",
                                                "</script><script>alert(1)</script>",
                                                "\"><img src=x onerror=alert(1)>",
                                                "\xe2\x80\xae"
                                                "esrever",
                                                "\xc2\x9b"
                                                "31m",
                                                "\x7f\x08\x08",
                                                "\xff\xfe not text",
                                                "{{constructor}}",
                                                "`id`",
                                                "$(id)",
                                                "a,b\";c",
                                                "]]></system-out><testcase>"};
    return texts;
}

/// A repository with a token beside each hostile text: in paths, authors, messages, refs, tags and the configuration.
void build(RepoBuilder& repo)
{
    std::uint64_t seed = 900;
    std::vector<Id> parents;
    for (const std::string& text : hostile_texts()) {
        std::string name = text;
        std::replace(name.begin(), name.end(), '/', '|');
        CommitOptions options;
        options.author = text + " <" + text + "@example.com>";
        const std::string line = "key = \"" + token(seed++) + "\"\n";
        const Id commit = repo.commit_files({{name, line}, {"folder/" + name, line}}, parents,
                                            text + "\n\n" + token(seed++), options);
        parents = {commit};
        repo.packed_refs({{"refs/heads/" + name, commit}});
        repo.ref("refs/tags/t" + std::to_string(seed), repo.tag_object(commit, Type::commit, text, text + token(seed)));
    }
    repo.ref("refs/heads/main", parents[0]);
    repo.config("[remote \"origin\"]\n\turl = \"https://host.example/\\\"><script>::error\"\n");
    write_file(repo.git_dir() / "description", "\x1b[2J " + token(seed) + "\n");
}

/// Why these bytes should not go to a terminal, a log or a browser as they are; empty where they may.
std::string objection(const std::string& out, const std::string& format)
{
    for (const char c : out) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\n' && !(c == '\r' && format == "csv")) || byte == 0x7f) {
            return "control byte " + std::to_string(byte);
        }
    }
    for (const std::string never : {"\xe2\x80\xae", "\xc2\x9b", "##vso[", "##[error]", "##teamcity[",
                                    "</script><script>", "<img src=x", "]]></system-out>"}) {
        const bool is_json =
            format.find("json") != std::string::npos || format == "sarif" || format == "gitlab" || format == "gitleaks";
        const bool is_markup = never.find('<') != std::string::npos;
        // In JSON, in text for people and in the commands of GitHub's log < is a character like any other.
        if (out.find(never) != std::string::npos &&
            !(is_markup && (is_json || format == "text" || format == "csv" || format == "github"))) {
            return "holds " + never;
        }
    }
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);) {
        const auto ink = std::find_if(line.begin(), line.end(), [](unsigned char c) { return std::isgraph(c) != 0; });
        const std::string start(ink, line.end());
        // The report for GitHub is made of these commands: there each has to be one of ours.
        if (start.starts_with("::") &&
            !(format == "github" &&
              (start.starts_with("::error ") || start.starts_with("::warning ") || start.starts_with("::notice ")))) {
            return "a line that begins with ::";
        }
        if (format == "csv") {
            for (std::size_t at = 0; at < line.size(); ++at) {
                const bool begins_cell =
                    at == 0 || line[at - 1] == ',' || (line[at - 1] == '"' && (at == 1 || line[at - 2] == ','));
                if (begins_cell && std::string("=@+\t").find(line[at]) != std::string::npos) {
                    return "a cell that is a formula";
                }
            }
        }
    }
    return "";
}

}  // namespace

TEST_CASE("hostile output: no report of any format holds what acts on its reader")
{
    const TempDir dir;
    RepoBuilder repo(dir / "repo");
    build(repo);
    int checked = 0;
    for (const std::string format :
         {"text", "json", "jsonl", "sarif", "gitlab", "github", "junit", "csv", "gitleaks", "html"}) {
        CAPTURE(format);
        for (const std::string options : {"", "--verbose "}) {
            const auto ran = run_shell(dir.path(), "\"$R8SCAN\" git repo " + options + "-f " + format);
            if (ran.exit_code == 2) {
                CHECK_MESSAGE(ran.err.find("format") != std::string::npos, ran.err);
                continue;  // not a format of this build
            }
            ++checked;
            CHECK_MESSAGE((ran.exit_code == 1 || ran.exit_code == 3), ran.exit_code, ran.err);
            CHECK(objection(ran.out, format) == "");
            CHECK(objection(ran.err, "text") == "");
        }
    }
    CHECK(checked >= 6);
}

TEST_CASE("hostile output: no message of an error holds what acts on its reader")
{
    for (const std::string& text : hostile_texts()) {
        const TempDir dir;
        RepoBuilder repo(dir / "repo");
        write_file(repo.git_dir() / "commondir", "/" + text + "\n");
        const auto ran = run_shell(dir.path(), "\"$R8SCAN\" git repo");
        CHECK(ran.exit_code >= 2);
        CHECK(objection(ran.err, "text") == "");
        CHECK(objection(ran.out, "text") == "");
    }
}
