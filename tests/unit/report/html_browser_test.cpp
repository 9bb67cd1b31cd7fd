// The HTML report in a real browser. Without one these tests say so and check nothing; $R8SCAN_CHROMIUM names one that
// is not on the PATH. $R8SCAN_SCREENSHOTS names a folder for pictures of the page, to look at.
#include "report/html.h"
#include "tests/golden/golden.h"
#include "tests/golden/made_up_scan.h"
#include "tests/support/browser.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>

namespace fs = std::filesystem;
using namespace r8scan;
using namespace r8scan::report;

namespace {

std::string html(const std::vector<Finding>& findings, const Summary& summary)
{
    StringWriter out;
    HtmlReport report(out, [] { return std::int64_t{1735787045}; }, {});
    test::feed(report, findings, summary);
    return out.text();
}

/// The page of some findings in a browser of its own; `browser` is null where there is none here.
struct Look {
    Look(const std::vector<Finding>& findings, const Summary& summary, bool scripts = true)
    {
        const std::string program = test::Browser::find();
        if (program.empty()) {
            MESSAGE("no chromium here: the page was not looked at");
            return;
        }
        test::write_file(folder / "report.html", html(findings, summary));
        browser = std::make_unique<test::Browser>(program, folder / "profile");
        browser->open(folder / "report.html", scripts);
    }
    [[nodiscard]] std::int64_t number(const std::string& expression) const
    {
        return browser->evaluate(expression).get<std::int64_t>();
    }
    [[nodiscard]] std::string text(const std::string& expression) const
    {
        return browser->evaluate(expression).get<std::string>();
    }
    void picture(const std::string& name) const
    {
        if (const char* const pictures = std::getenv("R8SCAN_SCREENSHOTS")) {
            browser->screenshot(fs::path(pictures) / (name + "-light.png"), false);
            browser->screenshot(fs::path(pictures) / (name + "-dark.png"), true);
        }
    }

    test::TempDir folder;
    std::unique_ptr<test::Browser> browser;
};

/// `tokens` tokens at `places` places each, by seven authors in nine folders, some of them ended.
std::vector<Finding> many(std::size_t tokens, std::size_t places)
{
    static const char* const authors[] = {"Ada Example", "Bob Example", "Chen Example", "Dana Example",
                                          "Eve Example", "Fay Example", "Gus Example"};
    test::Rng rng(11);
    std::vector<Finding> findings;
    for (std::size_t token = 0; token < tokens; ++token) {
        const auto secret = std::make_shared<const Secret>(test::random_token(rng));
        std::string sha = std::to_string(token);
        sha.insert(0, 64 - sha.size(), 'a');
        for (std::size_t place = 0; place < places; ++place) {
            Finding finding = test::plain_finding(test::token(1), 'a');
            finding.secret = secret;
            finding.token_sha256 = sha;
            finding.at_head = token % 5 == 0 && place == 0;
            finding.path = "service-" + std::to_string(token % 9) + "/config/" + std::to_string(place) + "/settings.py";
            finding.head_path = finding.path;
            finding.head_line = finding.position.line;
            finding.author = authors[(token + place) % 7];
            finding.date = "2023-0" + std::to_string(token % 9 + 1) + "-1" + std::to_string(place % 9) + "T08:00:00Z";
            finding.commit = std::string(30, 'c') + std::to_string(1000000000 + token * places + place);
            finding.link = "https://example.org/a/b/blob/" + *finding.commit + "/x.py#L12";
            if (!finding.at_head) {
                finding.removed_in = std::string(40, '5');
            }
            if (token % 3 == 0) {
                finding.revocation = {"revoked", "2024-08-11T12:00:00Z", ""};
            }
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

Summary summary_of(std::size_t tokens, std::size_t findings)
{
    Summary summary = test::clean_summary();
    summary.tokens = tokens;
    summary.findings = findings;
    summary.exit_code = 1;
    return summary;
}

}  // namespace

TEST_CASE("browser: the page shows verdict, tokens, places and charts, and logs no error")
{
    const Look look(test::made_up_findings(), test::made_up_summary());
    if (!look.browser) {
        return;
    }
    CHECK(look.text("document.documentElement.dataset.ready") == "yes");
    CHECK(look.text("document.querySelector('.verdict').textContent").starts_with("INCOMPLETE: 2 tokens"));
    CHECK(look.number("document.querySelectorAll('tr.token').length") == 3);
    CHECK(look.text("document.getElementById('status').textContent") == "15 of 15 places, 3 of 3 tokens");
    CHECK(look.number("document.querySelectorAll('#by-folder button').length") >= 3);
    CHECK(look.number("document.querySelectorAll('#by-author button').length") == 2);
    // Since when history alone has it: at its places, in the words of its story, and drawn.
    CHECK(look.text("document.getElementById('findings').textContent").find("in 5555555555 2024-06-07") !=
          std::string::npos);
    // Styles apply, so the policy's hashes are right.
    CHECK(look.text("getComputedStyle(document.querySelector('.card')).borderTopWidth") == "1px");
    CHECK(look.browser->errors().empty());
    look.picture("made-up");
}

TEST_CASE("browser: charts filter on a click, the search filters, and both can be undone")
{
    const Look look(many(20, 10), summary_of(20, 200));
    if (!look.browser) {
        return;
    }
    look.picture("twenty-tokens");
    const auto status = [&] { return look.text("document.getElementById('status').textContent"); };
    CHECK(status() == "200 of 200 places, 20 of 20 tokens");
    CHECK(look.text("document.querySelector('#by-folder .name').textContent") == "service-0/config");
    (void)look.browser->evaluate("document.querySelector('#by-folder button').click()");
    CHECK(status() == "30 of 200 places, 3 of 20 tokens");
    CHECK(look.text("document.querySelector('#by-folder [aria-pressed=true] .name').textContent") ==
          "service-0/config");
    (void)look.browser->evaluate("document.querySelector('#by-author button').click()");
    CHECK(look.number("document.querySelectorAll('tr.place').length") < 10);
    (void)look.browser->evaluate("[...document.querySelectorAll('#controls button')].at(-1).click()");
    CHECK(status() == "200 of 200 places, 20 of 20 tokens");
    (void)look.browser->evaluate(
        "(() => { const s = document.querySelector('input'); s.value = 'SERVICE-1/'; s.dispatchEvent(new "
        "Event('input'));"
        "return new Promise(done => setTimeout(done, 500)); })()");
    CHECK(status() == "30 of 200 places, 3 of 20 tokens");
    CHECK(look.browser->errors().empty());
}

TEST_CASE("browser: the table sorts by its heads, both ways")
{
    const Look look(many(20, 3), summary_of(20, 60));
    if (!look.browser) {
        return;
    }
    const auto names = [&] {
        return look.browser->evaluate("[...document.querySelectorAll('tr.token code')].map(c => c.textContent)")
            .get<std::vector<std::string>>();
    };
    const std::string head = "document.querySelector('th[data-key=token] button').click()";
    (void)look.browser->evaluate(head);
    std::vector<std::string> sorted = names();
    CHECK(std::is_sorted(sorted.begin(), sorted.end()));
    CHECK(look.text("document.querySelector('th[data-key=token]').getAttribute('aria-sort')") == "ascending");
    (void)look.browser->evaluate(head);
    std::reverse(sorted.begin(), sorted.end());
    CHECK(names() == sorted);
}

TEST_CASE("browser: it prints")
{
    const Look look(many(20, 3), summary_of(20, 60));
    if (!look.browser) {
        return;
    }
    const std::string pdf = look.browser->pdf();
    CHECK(pdf.starts_with("%PDF-"));
    CHECK(pdf.size() > 10000);
}

TEST_CASE("browser: without scripts the first findings stand there")
{
    const Look look(many(20, 20), summary_of(20, 400), false);
    if (!look.browser) {
        return;
    }
    CHECK(look.number("document.querySelectorAll('tr.place').length") == 200);
    CHECK(look.text("document.getElementById('partial').textContent").starts_with("The first 200 of 400 places"));
    CHECK(look.number("document.querySelectorAll('#by-folder .bar').length") == 9);
    look.picture("no-scripts");
}

TEST_CASE("browser: hostile names do nothing but stand there")
{
    std::vector<Finding> findings;
    for (const char* const name :
         {"</script><script>document.title='broken'</script>", "<img src=x onerror=\"document.title='broken'\">",
          "\"><svg onload=document.title='broken'>", "--><!--", "\x1b[2J\xe2\x80\xaegpj.exe", "\xff\xfe",
          "${document.title='broken'}", "__proto__", "constructor"}) {
        Finding finding = test::plain_finding(test::token(1), 'a');
        finding.at_head = false;
        finding.path = std::string(name) + "/" + name;
        finding.author = name;
        finding.subject = name;
        finding.link = std::string("javascript:document.title='broken'//") + name;
        findings.push_back(finding);
    }
    const Look look(findings, summary_of(1, findings.size()));
    if (!look.browser) {
        return;
    }
    CHECK(look.text("document.title") == "r8scan report");
    CHECK(look.text("document.documentElement.dataset.ready") == "yes");
    CHECK(look.number("document.querySelectorAll('img, iframe, object').length") == 0);
    CHECK(look.number("document.querySelectorAll('script').length") == 2);
    CHECK(look.number("[...document.links].filter(a => !a.href.startsWith('https:')).length") == 0);
    CHECK(look.number("document.querySelectorAll('#by-author button').length") ==
          static_cast<std::int64_t>(findings.size()));
    CHECK(look.text("document.body.textContent").find("\xe2\x80\xae") == std::string::npos);
    CHECK(look.browser->errors().empty());
}

TEST_CASE("browser: fifty thousand findings open in under two seconds of processor time")
{
    const Look look(many(500, 100), summary_of(500, 50000));
    if (!look.browser) {
        return;
    }
    CHECK(look.text("document.getElementById('status').textContent") == "50,000 of 50,000 places, 500 of 500 tokens");
    const double seconds = look.browser->processor_seconds();
    MESSAGE(
        "processor time: " << seconds << " s; file: " << fs::file_size(look.folder / "report.html") << " bytes; wall: "
                           << look.number(
                                  "Math.round(performance.timing.loadEventEnd - performance.timing.navigationStart)")
                           << " ms");
    CHECK(seconds < 2);
    CHECK(look.browser->errors().empty());
}
