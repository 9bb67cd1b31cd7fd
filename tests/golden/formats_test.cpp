// The reports for other programs of one made-up scan, against their golden files; what each must hold whatever is found
// stands in tests/unit/report.
#include "report/csv.h"
#include "report/github.h"
#include "report/gitlab.h"
#include "report/gitleaks.h"
#include "report/junit.h"
#include "report/replace_text.h"
#include "report/sarif.h"
#include "tests/golden/golden.h"
#include "tests/golden/made_up_scan.h"
#include "tests/support/tokens.h"

using namespace r8scan;
using namespace r8scan::report;
using test::check_golden;
using test::feed;
using test::holds_a_token;

namespace {

/// 2025-01-02T03:04:05Z.
std::int64_t fixed_clock()
{
    return 1735787045;
}

struct Written {
    std::string full;
    std::string clean;
};

/// `make` makes the report over a writer.
template <typename Make>
Written written(Make make)
{
    StringWriter full;
    auto report = make(full);
    feed(report, test::made_up_findings(), test::made_up_summary());
    StringWriter clean;
    auto empty = make(clean);
    feed(empty, {}, test::clean_summary());
    return {full.text(), clean.text()};
}

}  // namespace

TEST_CASE("golden: sarif")
{
    const Written text = written([](Writer& out) { return SarifReport(out, {}); });
    CHECK_FALSE(holds_a_token(text.full));
    check_golden("report.sarif", text.full);
    check_golden("clean.sarif", text.clean);
}

TEST_CASE("golden: gitlab")
{
    const Written text = written([](Writer& out) { return GitlabReport(out, fixed_clock, false); });
    CHECK_FALSE(holds_a_token(text.full));
    check_golden("gl-secret-detection-report.json", text.full);
    check_golden("gl-clean.json", text.clean);
}

TEST_CASE("golden: github, with the page of the step")
{
    StringWriter page;
    StringWriter clean_page;
    GithubOptions options;
    options.step_summary = &page;
    StringWriter out;
    GithubReport report(out, options);
    feed(report, test::made_up_findings(), test::made_up_summary());
    CHECK_FALSE(holds_a_token(out.text() + page.text()));
    check_golden("github.txt", out.text());
    check_golden("github-step.md", page.text());

    options.step_summary = &clean_page;
    StringWriter clean_out;
    GithubReport clean(clean_out, options);
    feed(clean, {}, test::clean_summary());
    check_golden("github-clean.txt", clean_out.text() + "----\n" + clean_page.text());
}

TEST_CASE("golden: junit")
{
    const Written text = written([](Writer& out) { return JunitReport(out, false); });
    CHECK_FALSE(holds_a_token(text.full));
    check_golden("junit.xml", text.full);
    check_golden("junit-clean.xml", text.clean);
}

TEST_CASE("golden: csv")
{
    const Written text = written([](Writer& out) { return CsvReport(out, false); });
    CHECK_FALSE(holds_a_token(text.full));
    check_golden("report.csv", text.full);
    check_golden("clean.csv", text.clean);
}

TEST_CASE("golden: gitleaks")
{
    const Written text = written([](Writer& out) { return GitleaksReport(out, false); });
    CHECK_FALSE(holds_a_token(text.full));
    check_golden("gitleaks.json", text.full);
    check_golden("gitleaks-clean.json", text.clean);
}

TEST_CASE("golden: replace-text holds each token once, and no placeholder")
{
    const Written text = written([](Writer& out) { return ReplaceTextReport(out); });
    CHECK(test::without_tokens(text.full) == "literal:{token-1}==>***REMOVED***\nliteral:{token-2}==>***REMOVED***\n");
    CHECK(text.clean.empty());
}
