// What the reports for build servers and spreadsheets hold, whatever is found: their golden files are one example.
#include "report/csv.h"
#include "report/github.h"
#include "report/github_summary.h"
#include "report/gitlab.h"
#include "report/gitleaks.h"
#include "report/junit.h"
#include "report/markup.h"
#include "report/replace_text.h"
#include "tests/golden/golden.h"
#include "tests/golden/made_up_scan.h"
#include "tests/support/built_here.h"
#include "tests/support/json_schema.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

using namespace r8scan;
using namespace r8scan::report;
using Json = nlohmann::json;

namespace {

std::string gitlab(const std::vector<Finding>& findings, const Summary& summary)
{
    StringWriter out;
    GitlabReport report(
        out, [] { return std::int64_t{1735787045}; }, false);
    test::feed(report, findings, summary);
    return out.text();
}

std::string github(const std::vector<Finding>& findings, const Summary& summary, Writer* page = nullptr)
{
    StringWriter out;
    GithubOptions options;
    options.step_summary = page;
    GithubReport report(out, options);
    test::feed(report, findings, summary);
    return out.text();
}

Finding named(const std::string& path)
{
    Finding finding = test::plain_finding(test::token(1), 'a');
    finding.at_head = false;
    finding.path = path;
    return finding;
}

}  // namespace

TEST_CASE("gitlab: what GitLab demands holds, whatever was found")
{
    const std::filesystem::path here = std::filesystem::path(test::source_dir()) / "tests/schemas";
    std::vector<std::string> schemas{test::read_file(here / "gitlab-secret-detection.json")};
    if (const char* const published = std::getenv("R8SCAN_GITLAB_SCHEMA")) {
        schemas.push_back(test::read_file(published));
    }
    for (const std::string& schema : schemas) {
        CHECK(test::schema_error(schema, gitlab(test::made_up_findings(), test::made_up_summary())) == "");
        CHECK(test::schema_error(schema, gitlab({}, test::clean_summary())) == "");
        CHECK(test::schema_error(schema, gitlab({named("")}, Summary())) == "");
        Json wrong = Json::parse(gitlab({}, test::clean_summary()));
        wrong["scan"]["end_time"] = "2025-01-02T03:04:05Z";
        CHECK(test::schema_error(schema, wrong.dump()) != "");
    }
}

TEST_CASE("gitlab: ids differ where places differ and stay the same otherwise")
{
    Finding other_commit = named("a");
    other_commit.commit = std::string(40, '9');
    const auto ids = [](const std::string& text) {
        std::vector<std::string> all;
        const Json report = Json::parse(text);
        for (const Json& entry : report["vulnerabilities"]) {
            all.push_back(entry["id"].get<std::string>());
        }
        return all;
    };
    const auto first = ids(gitlab({named("a"), named("b"), other_commit}, test::clean_summary()));
    CHECK(std::set<std::string>(first.begin(), first.end()).size() == 3);
    CHECK(first == ids(gitlab({named("a"), named("b"), other_commit}, test::made_up_summary())));
}

TEST_CASE("gitlab: the scan ended at the clock's time and began as long before as it took")
{
    Summary summary = test::clean_summary();
    summary.elapsed_ms = 65'000;
    const Json scan = Json::parse(gitlab({}, summary))["scan"];
    CHECK(scan["end_time"] == "2025-01-02T03:04:05");
    CHECK(scan["start_time"] == "2025-01-02T03:03:00");
    CHECK(scan["status"] == "success");
    CHECK(Json::parse(gitlab({}, test::made_up_summary()))["scan"]["status"] == "failure");
}

TEST_CASE("github: a file's name cannot end a property or a command")
{
    const std::string text = github({named("a,line=1::x%\n::error::y")}, test::clean_summary());
    CHECK(text.starts_with("::error file=a%2Cline=1%3A%3Ax%25\\n%3A%3Aerror%3A%3Ay,line=12,col=9,endColumn=49,title="));
    std::istringstream lines(text);
    int commands = 0;
    for (std::string line; std::getline(lines, line);) {
        commands += line.starts_with("::") ? 1 : 0;
    }
    CHECK(commands == 1);
}

TEST_CASE("github: what stands at HEAD comes first, and is annotated where it stands there")
{
    const std::string text = github({named("old.py"), test::plain_finding(test::token(1), 'a')}, test::clean_summary());
    CHECK(text.starts_with("::error file=src/app.py,line=14,title="));
    CHECK(text.find("file=old.py,line=12,col=9") != std::string::npos);
}

TEST_CASE("github: the page shows hostile names literally")
{
    CHECK(markdown_text("a|b<script>`x`[y](z) @me https://x") ==
          "a&#124;b&#60;script&#62;&#96;x&#96;&#91;y&#93;&#40;z&#41; &#64;me https&#58;//x");
    StringWriter page;
    (void)github({named("x|</td>\n# hi")}, test::clean_summary(), &page);
    CHECK(page.text().find("x&#124;&#60;/td&#62;&#92;n&#35; hi") != std::string::npos);
}

TEST_CASE("github: the page has a limit of rows and says how many are missing")
{
    StringWriter page;
    (void)github(std::vector<Finding>(620, named("a")), test::clean_summary(), &page);
    CHECK(page.text().find("and 120 more") != std::string::npos);
    CHECK(page.text().size() < 1U << 20U);
}

TEST_CASE("csv: cells are quoted, and none is a formula")
{
    CHECK(csv_cell("plain") == "plain");
    CHECK(csv_cell("a,b") == "\"a,b\"");
    CHECK(csv_cell("say \"x\"") == "\"say \"\"x\"\"\"");
    CHECK(csv_cell("two\nlines") == "two\\nlines");
    CHECK(csv_cell("=1+1") == "'=1+1");
    CHECK(csv_cell("+1") == "'+1");
    CHECK(csv_cell("-1") == "'-1");
    CHECK(csv_cell("@x,y") == "\"'@x,y\"");
    CHECK(csv_cell("\tx") == "'\\tx");
    CHECK(csv_cell(std::string_view("\0x", 2)) == "'\\x00x");
    CHECK(csv_cell("a=b").front() == 'a');
}

TEST_CASE("csv: every line has as many cells as the header, and ends in CR LF")
{
    StringWriter out;
    CsvReport report(out, false);
    test::feed(report, test::made_up_findings(), test::made_up_summary());
    std::istringstream lines(out.text());
    std::set<std::ptrdiff_t> cells;
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        CHECK(line.back() == '\r');
        // No made-up finding has a comma within a cell.
        cells.insert(std::count(line.begin(), line.end(), ','));
    }
    CHECK(cells.size() == 1);
    CHECK(count == test::made_up_findings().size() + 1);
}

TEST_CASE("junit: the numbers in the head are those of the cases")
{
    StringWriter out;
    JunitReport report(out, false);
    test::feed(report, test::made_up_findings(), test::made_up_summary());
    const auto count_of = [&](std::string_view part) {
        std::size_t count = 0;
        for (std::size_t at = out.text().find(part); at != std::string::npos; at = out.text().find(part, at + 1)) {
            ++count;
        }
        return count;
    };
    CHECK(count_of("<testcase ") == 17);
    CHECK(count_of("<failure ") == 14);
    CHECK(count_of("<error ") == 2);
    CHECK(count_of("<skipped ") == 1);
    CHECK(count_of("tests=\"17\" failures=\"14\" errors=\"2\" skipped=\"1\"") == 2);
}

TEST_CASE("markup: nothing in a text is markup, and no character is forbidden in XML")
{
    CHECK(markup_text("<a href='x'>&\"</a>") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt;");
    CHECK(markup_text("]]>") == "]]&gt;");
    CHECK(markup_text(std::string_view("\0\x1b\n\xff", 4)) == "\\x00\\x1b\\n\\xff");
    CHECK(markup_text("\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd") == "\\ufffe\\uffff\xef\xbf\xbd");
}

TEST_CASE("gitleaks: the end of a column range is included, and fingerprints are gitleaks' own")
{
    StringWriter out;
    GitleaksReport report(out, false);
    Finding loose = named("b.txt");
    loose.commit.reset();
    test::feed(report, {named("a.txt"), loose}, test::clean_summary());
    const Json list = Json::parse(out.text());
    REQUIRE(list.size() == 2);
    CHECK(list[0]["StartColumn"] == 9);
    CHECK(list[0]["EndColumn"] == 48);
    CHECK(list[0]["Secret"] == list[0]["Match"]);
    CHECK(list[0]["Fingerprint"] == std::string(40, '1') + ":a.txt:replicate-api-token:12");
    CHECK(list[1]["Fingerprint"] == "b.txt:replicate-api-token:12");
    CHECK(list[0]["Entropy"].get<double>() > 3);
}

TEST_CASE("replace-text: a token that is only known redacted is an error and not a line")
{
    StringWriter out;
    ReplaceTextReport report(out);
    Finding finding = named("a");
    finding.secret = std::make_shared<const Secret>(finding.secret->redacted());
    const Result<void> done = report.finding(finding);
    REQUIRE_FALSE(done.ok());
    CHECK(done.error().message().find("in the clear") != std::string::npos);
    CHECK(out.text().empty());
}

TEST_CASE("replace-text: a secret of two lines becomes an expression")
{
    StringWriter out;
    ReplaceTextReport report(out);
    Finding finding = named("a");
    finding.secret = std::make_shared<const Secret>("two\nlines");
    REQUIRE(report.finding(finding).ok());
    CHECK(out.text() == "regex:\\x74\\x77\\x6f\\x0a\\x6c\\x69\\x6e\\x65\\x73==>***REMOVED***\n");
}
