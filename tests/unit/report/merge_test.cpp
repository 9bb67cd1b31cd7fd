// Reports that are read again say what they said, and several of them say it together.
#include "report/merge.h"

#include "report/json.h"
#include "report/jsonl.h"
#include "report/read_record.h"
#include "tests/golden/golden.h"
#include "tests/golden/made_up_scan.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;
using namespace r8scan::report;

namespace {

template <typename Report>
std::string written(const std::vector<Finding>& findings, const Summary& summary, bool show_secrets = false)
{
    StringWriter out;
    Report report(out, show_secrets);
    test::feed(report, findings, summary);
    return out.text();
}

std::string merged(const std::vector<std::string>& texts, Summary* summary = nullptr)
{
    Merge merge;
    for (const std::string& text : texts) {
        REQUIRE(merge.add(text, "a.jsonl").ok());
    }
    StringWriter out;
    JsonlReport report(out, true);
    const Result<Summary> told = merge.tell(report, false);
    REQUIRE(told.ok());
    if (summary != nullptr) {
        *summary = *told;
    }
    return out.text();
}

/// Findings that differ from each other, as the made-up ones do not in all that tells findings apart.
std::vector<Finding> distinct()
{
    std::vector<Finding> findings = test::made_up_findings();
    for (std::size_t i = 0; i < findings.size(); ++i) {
        findings[i].fingerprint = "replicate-api-token:" + std::to_string(1000000000000000 + i);
    }
    return findings;
}

Summary true_summary(const std::vector<Finding>& findings)
{
    Summary summary = test::made_up_summary();
    summary.findings = findings.size() - 1;
    summary.tokens = 2;
    return summary;
}

std::string error_of(const std::string& text)
{
    Merge merge;
    const Result<void> added = merge.add(text, "x");
    REQUIRE_FALSE(added.ok());
    return added.error().message();
}

}  // namespace

TEST_CASE("merge: a report that is read and written again is the same, byte for byte")
{
    const std::vector<Finding> findings = distinct();
    const Summary summary = true_summary(findings);
    const std::string text = written<JsonlReport>(findings, summary, true);
    CHECK(merged({text}) == text);
    CHECK(merged({written<JsonReport>(findings, summary, true)}) == text);
}

TEST_CASE("merge: a token that was written redacted stays so, in every field")
{
    const std::string text = written<JsonlReport>(distinct(), true_summary(distinct()));
    CHECK_FALSE(test::holds_a_token(merged({text})));
    // A report that somebody put a token into.
    std::string edited = text;
    for (const std::string_view field : {"\"Ada Example\"", "\"src/app.py\""}) {
        for (std::size_t at = edited.find(field); at != std::string::npos; at = edited.find(field, at + 1)) {
            edited.replace(at, field.size(), '"' + test::token(1) + '"');
        }
    }
    REQUIRE(test::holds_a_token(edited));
    StringWriter out;
    JsonlReport report(out, false);
    Merge merge;
    REQUIRE(merge.add(edited, "x").ok());
    REQUIRE(merge.tell(report, false).ok());
    CHECK_FALSE(test::holds_a_token(out.text()));
}

TEST_CASE("merge: the same finding counts once, and what was read is added up")
{
    const std::vector<Finding> findings = distinct();
    const std::string text = written<JsonlReport>(findings, true_summary(findings));
    Finding other = test::plain_finding(test::token(9), 'e');
    other.fingerprint = "replicate-api-token:ffffffffffffffff";
    Summary complete = test::clean_summary();
    complete.exit_code = 1;
    Summary summary;
    (void)merged({text, written<JsonlReport>({findings[0], other}, complete)}, &summary);
    CHECK(summary.findings == findings.size());
    CHECK(summary.tokens == 3);
    CHECK(summary.objects.scanned ==
          test::made_up_summary().objects.scanned + test::clean_summary().objects.scanned);
    CHECK(summary.bytes == 2 * 12345678);
    CHECK(summary.skipped.size() == 2);
    CHECK_FALSE(summary.complete);
    CHECK(summary.exit_code == 3);
}

TEST_CASE("merge: suppressed findings come back by name, and those of two reports count once")
{
    Summary summary = test::clean_summary();
    summary.suppressed_findings = {
        {"replicate-api-token:0123456789abcdef", test::redacted(test::token(1)), "a\xff.py:1 in commit 0123456789ab",
         {"ignore file", ".r8scanignore:3", "dead"}},
        {"replicate-api-token:0123456789abcdee", test::redacted(test::token(2)), "b.py:2", {"inline mark", "", ""}}};
    summary.suppressed = 2;
    const std::string text = written<JsonlReport>({}, summary);
    CHECK(merged({text}) == text);
    CHECK(merged({text, text}).find("\"suppressed\":2,") != std::string::npos);
    CHECK(merged({written<JsonReport>({}, summary)}) == text);
    // Of those that are not named only the number is known.
    Summary nameless = test::clean_summary();
    nameless.suppressed = 5;
    Summary told;
    (void)merged({text, written<JsonlReport>({}, nameless)}, &told);
    CHECK(told.suppressed == 7);
    CHECK(told.suppressed_findings.size() == 2);
    // A token that somebody wrote into one is starred out.
    std::string bad = text;
    bad.replace(bad.find("\"dead\""), 6, '"' + test::token(3) + '"');
    CHECK(merged({bad}).find(test::token(3)) == std::string::npos);
}

TEST_CASE("merge: a scan of a repository that also read files is still one of a repository")
{
    Summary summary = test::clean_summary();
    summary.objects.files = 21;
    Summary told;
    (void)merged({written<JsonlReport>({}, summary)}, &told);
    CHECK(told.source == ScanSource::repository);
    summary.connectivity = "range";
    (void)merged({written<JsonlReport>({}, summary)}, &told);
    CHECK(told.source == ScanSource::range);
}

TEST_CASE("merge: reasons are joined, and exit codes keep their order")
{
    const auto with = [](int code, std::vector<Skip> skipped = {}) {
        Summary summary = test::clean_summary();
        summary.exit_code = code;
        summary.complete = skipped.empty();
        summary.skipped = std::move(skipped);
        return written<JsonlReport>({test::plain_finding(test::token(1), 'a')}, summary);
    };
    Summary summary;
    (void)merged({with(3, {{"damaged object", 2, {"a"}, "x"}}), with(3, {{"damaged object", 5, {"b"}, "x"}})},
                 &summary);
    REQUIRE(summary.skipped.size() == 1);
    CHECK(summary.skipped[0].count == 7);
    CHECK(summary.skipped[0].examples == std::vector<std::string>{"a", "b"});
    (void)merged({with(1), with(0)}, &summary);
    CHECK(summary.exit_code == 1);
    (void)merged({with(1), with(4)}, &summary);
    CHECK(summary.exit_code == 4);
    (void)merged({with(4), with(3, {{"x", 1, {}, ""}})}, &summary);
    CHECK(summary.exit_code == 3);
}

TEST_CASE("merge: a report that was cut short is incomplete, wherever it was cut")
{
    const std::vector<Finding> findings = distinct();
    const std::string text = written<JsonlReport>(findings, true_summary(findings));
    const std::size_t first_line = text.find('\n');
    for (const std::size_t size : {first_line + 1, first_line + 100, text.rfind('\n', text.size() - 2) + 1}) {
        Summary summary;
        (void)merged({text.substr(0, size)}, &summary);
        CHECK_FALSE(summary.complete);
        CHECK(summary.exit_code == 3);
    }
}

TEST_CASE("merge: what is no report is refused with its place")
{
    CHECK(error_of("hello\n") == "read \"x\": line 1: no JSON");
    CHECK(error_of("").starts_with("read \"x\": no report of r8scan"));
    CHECK(error_of("[1,2]").starts_with("read \"x\": line 1: no record of r8scan"));
    CHECK(error_of("{\"type\":\"finding\"}").find("lacks fingerprint") != std::string::npos);
    CHECK(error_of("{\"type\":\"finding\",\"line\":\"one\"}") == "read \"x\": line 1: \"line\" is not a number");
    CHECK(error_of("{\"findings\":[{\"type\":\"finding\",\"refs\":[1],\"at_head\":true}]}") ==
          "read \"x\": finding 1: \"refs\" is not a list of texts");
    CHECK(error_of(std::string(100000, '[')).starts_with("read \"x\": line 1: no JSON"));
}

TEST_CASE("merge: bytes that are no UTF-8 come back as they were")
{
    const std::vector<Finding> findings = distinct();
    const Result<Finding> read = finding_of_record(finding_record(findings[1], false));
    REQUIRE(read.ok());
    CHECK(read->path == findings[1].path);
    CHECK(read->author == findings[1].author);
    CHECK(read->secret->reveal() == findings[1].secret->redacted());
}
