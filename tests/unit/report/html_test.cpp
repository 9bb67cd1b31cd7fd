#include "report/html.h"

#include "report/date.h"
#include "report/html_data.h"
#include "report/story.h"
#include "tests/golden/golden.h"
#include "tests/golden/made_up_scan.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace r8scan;
using namespace r8scan::report;
using Json = nlohmann::json;

namespace {

constexpr std::int64_t now = 1735787045;  // 2025-01-02T03:04:05Z

std::string html(const std::vector<Finding>& findings, const Summary& summary, const HtmlOptions& options = {})
{
    StringWriter out;
    HtmlReport report(
        out, [] { return now; }, options);
    test::feed(report, findings, summary);
    return out.text();
}

std::string between(const std::string& text, std::string_view begin, std::string_view end)
{
    const std::size_t from = text.find(begin);
    REQUIRE(from != std::string::npos);
    const std::size_t to = text.find(end, from + begin.size());
    REQUIRE(to != std::string::npos);
    return text.substr(from + begin.size(), to - from - begin.size());
}

std::size_t count_of(const std::string& text, std::string_view part)
{
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

/// A finding that tries to break out of wherever it is put.
Finding hostile()
{
    Finding finding = test::plain_finding(test::token(1), 'a');
    finding.at_head = false;
    finding.path = "</script><script>alert(1)</script>/\"'><img src=x onerror=alert(2)>\x1b\xe2\x80\xae";
    finding.author = "<!--</title>&amp;";
    finding.subject = "]]></style>\n\xff";
    finding.link = "javascript:alert(3)";
    return finding;
}

}  // namespace

TEST_CASE("html: no text of a repository is markup, in the data neither")
{
    const std::string text = html({hostile()}, test::made_up_summary());
    CHECK(count_of(text, "<script") == 2);
    CHECK(count_of(text, "</script") == 2);
    CHECK(count_of(text, "<img") == 0);
    CHECK(count_of(text, "<!--") == 0);
    CHECK(count_of(text, "javascript:") == 0);
    for (const char c : text) {
        CHECK((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
    }
    const Json data = Json::parse(between(text, "id=\"data\">", "</script>"));
    CHECK(data["rows"].size() == 1);
    CHECK(data["texts"].dump().find("</script><script>alert(1)") != std::string::npos);
}

TEST_CASE("html: the page asks for nothing from outside, and allows only its own style and script")
{
    const std::string text = html(test::made_up_findings(), test::made_up_summary());
    CHECK(text.find("default-src 'none'; style-src 'sha256-") != std::string::npos);
    CHECK(text.find("script-src 'sha256-") != std::string::npos);
    for (const std::string_view way_out :
         {"<link", "<iframe", "<img", "@import", "url(", " style=\"", " onclick=", " src="}) {
        CHECK(count_of(text, way_out) == 0);
    }
}

TEST_CASE("html: data hold every place, and the plain table the first ones")
{
    HtmlOptions options;
    options.plain_places = 5;
    const std::string text = html(test::made_up_findings(), test::made_up_summary(), options);
    CHECK(count_of(text, "<tr class=\"place\">") == 5);
    CHECK(text.find("The first 5 of 15 places") != std::string::npos);
    const Json data = Json::parse(between(text, "id=\"data\">", "</script>"));
    CHECK(data["rows"].size() == 15);
    CHECK(data["tokens"].size() == 3);
    CHECK_FALSE(test::holds_a_token(text));
}

TEST_CASE("html: a clean scan has a verdict and what was read, and no script")
{
    const std::string text = html({}, test::clean_summary());
    CHECK(text.find("no tokens found: every object was read") != std::string::npos);
    CHECK(text.find("What was read") != std::string::npos);
    CHECK(count_of(text, "<script") == 0);
}

TEST_CASE("html: what is suppressed has a row for each reason, and what is left stands in one")
{
    Summary summary = test::clean_summary();
    const Suppression mark{"inline mark", "", "<b>made up</b>"};
    summary.suppressed_findings = {{"a", "", "", mark}, {"b", "", "", mark}, {"c", "", "", {"baseline", "old.json", ""}}};
    summary.suppressed = 3;
    const std::string text = html({}, summary);
    CHECK(text.find("suppressed</span></td><td>by baseline old.json</td><td class=\"number\">1</td>") != std::string::npos);
    CHECK(text.find("<td>by inline mark: &lt;b&gt;made up&lt;/b&gt;</td><td class=\"number\">2</td>") != std::string::npos);
    CHECK(text.find("for further reasons") == std::string::npos);
    for (int i = 0; i < 150; ++i) {
        summary.suppressed_findings.push_back({"d", "", "", {"ignore file", "x:" + std::to_string(i), ""}});
    }
    summary.suppressed = summary.suppressed_findings.size();
    const std::string many = html({}, summary);
    CHECK(count_of(many, ">suppressed</span>") == 101);
    CHECK(many.find("<td>for further reasons</td><td class=\"number\">53</td>") != std::string::npos);
    summary.suppressed_findings.clear();
    CHECK(html({}, summary).find("<td>found, and left out</td><td class=\"number\">153</td>") != std::string::npos);
}

TEST_CASE("story: a token is exposed from its first day until it is revoked, whether removed or not")
{
    Finding early = test::plain_finding(test::token(1), 'a');
    early.date = "2024-01-10T00:00:00Z";
    Finding late = test::plain_finding(test::token(1), 'a');
    late.date = "2024-03-01T00:00:00Z";
    const std::vector<Finding> open{late, early};
    CHECK(stories_of(open).size() == 1);
    CHECK(exposure_text(stories_of(open).front(), now) == "exposed for 358 days so far");
    CHECK(state_text(stories_of(open).front()) == "still at HEAD");

    early.revocation = {"revoked", "2024-08-11T12:00:00Z", ""};
    const std::vector<Finding> ended{late, early};
    CHECK(exposure_text(stories_of(ended).front(), now) == "exposed for 214 days");
    CHECK(state_text(stories_of(ended).front()) == "revoked");
}

TEST_CASE("story: a token was removed when the last place lost it, and was not while a ref still has it")
{
    Finding first = test::plain_finding(test::token(1), 'a');
    first.at_head = false;
    first.date = "2024-01-10T00:00:00Z";
    first.removed_in = std::string(40, '1');
    first.removed_date = "2024-02-10T00:00:00Z";
    Finding last = first;
    last.removed_date = "2024-03-01T00:30:00+01:00";
    last.revocation = {"revoked", "2024-08-11T12:00:00Z", ""};
    Finding dangling = first;
    dangling.reachable = false;
    dangling.removed_in.reset();
    dangling.removed_date.reset();
    const std::vector<Finding> gone{first, last, dangling};
    CHECK(story_text(stories_of(gone).front(), now) ==
          "introduced 2024-01-10, removed 2024-02-29, revoked 2024-08-11: exposed for 214 days");
    const std::string page = html(gone, test::made_up_summary());
    CHECK(page.find("introduced 2024-01-10, removed 2024-02-29, revoked 2024-08-11: exposed for 214 days") !=
          std::string::npos);
    CHECK(page.find("in <code>1111111111</code> <span class=\"day\">2024-02-29</span>") != std::string::npos);
    CHECK(count_of(page, "<rect class=\"kept\"") == 1);

    Finding elsewhere = first;  // on a branch from which nobody took it
    elsewhere.removed_in.reset();
    elsewhere.removed_date.reset();
    const std::vector<Finding> on_a_branch{first, elsewhere};
    CHECK(story_text(stories_of(on_a_branch).front(), now) == "introduced 2024-01-10: exposed for 358 days so far");
    Finding kept = first;
    kept.at_head = true;
    const std::vector<Finding> at_head{first, kept};
    CHECK_FALSE(stories_of(at_head).front().removed.has_value());
}

TEST_CASE("story: without a date nothing is said of how long")
{
    Finding finding = test::plain_finding(test::token(1), 'a');
    finding.date.reset();
    const std::vector<Finding> findings{finding};
    CHECK(exposure_text(stories_of(findings).front(), now).empty());
}

TEST_CASE("date: moments of every zone, and days")
{
    CHECK(moment_of("1970-01-01T00:00:00Z") == 0);
    CHECK(moment_of("2025-01-02T03:04:05Z") == now);
    CHECK(moment_of("2025-01-02T05:04:05+02:00") == now);
    CHECK(moment_of("2025-01-01T19:34:05-0730") == now);
    CHECK(moment_of("2025-01-02T03:04:05.678Z") == now);
    for (const char* const wrong :
         {"", "2025-01-02", "2025-13-02T03:04:05Z", "2025-01-02T03:04:05", "x025-01-02T03:04:05Z"}) {
        CHECK_FALSE(moment_of(wrong).has_value());
    }
    CHECK(day_text(now) == "2025-01-02");
    CHECK(day_text(-1) == "1969-12-31");
}
