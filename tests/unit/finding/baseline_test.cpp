#include "finding/baseline.h"
#include "finding/fingerprint.h"
#include "report/json.h"
#include "report/jsonl.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"
#include "util/hash.h"

#include <doctest/doctest.h>

using namespace r8scan;

namespace {

Finding finding_of(std::uint64_t seed, const std::string& path)
{
    Finding finding;
    finding.rule = "replicate-api-token";
    finding.secret = std::make_shared<Secret>(test::token(seed));
    finding.token_sha256 = sha256_hex(as_bytes(test::token(seed)));
    finding.kind = "blob";
    finding.path = path;
    finding.fingerprint = fingerprint_of(finding.rule, *finding.secret, path);
    return finding;
}

template <typename Report>
std::string report_of(const std::vector<Finding>& findings)
{
    report::StringWriter out;
    Report report(out, false);
    for (const auto& finding : findings) {
        REQUIRE(report.finding(finding).ok());
    }
    REQUIRE(report.summary(Summary()).ok());
    return out.text();
}

Baseline read(const std::string& text)
{
    Baseline baseline;
    const auto added = baseline.add_report(text, "old.json");
    REQUIRE_MESSAGE(added.ok(), added.error().message());
    return baseline;
}

std::string mistake_in(const std::string& text)
{
    Baseline baseline;
    const auto added = baseline.add_report(text, "old.json");
    REQUIRE_FALSE(added.ok());
    CHECK(added.error().code() == ErrorCode::usage);
    return added.error().message();
}

}  // namespace

TEST_CASE("baseline: what an earlier report of ours has is known, whatever its commit or line was")
{
    const std::vector<Finding> old{finding_of(1, "a"), finding_of(2, "b")};
    for (const auto& text : {report_of<report::JsonReport>(old), report_of<report::JsonlReport>(old)}) {
        const auto baseline = read(text);
        auto again = finding_of(1, "a");
        again.position.line = 99;
        again.commit = std::string(40, 'd');
        REQUIRE(baseline.match(again).has_value());
        CHECK(baseline.match(again)->by == "baseline");
        CHECK(baseline.match(again)->origin == "old.json");
        CHECK_FALSE(baseline.match(finding_of(1, "c")).has_value());
        CHECK_FALSE(baseline.match(finding_of(3, "a")).has_value());
    }
}

TEST_CASE("baseline: a report without findings is one")
{
    CHECK(read(report_of<report::JsonReport>({})).size() == 0);
    CHECK(read(report_of<report::JsonlReport>({})).size() == 0);
    CHECK(read("[]").size() == 0);
}

TEST_CASE("baseline: SARIF is read by its partial fingerprints")
{
    const auto finding = finding_of(1, "a");
    const auto baseline = read(R"({"version":"2.1.0","runs":[{"results":[{"ruleId":"replicate-api-token",)"
                               R"("partialFingerprints":{"primaryLocationLineHash":"abc:1","r8scan/v1":")" +
                               finding.fingerprint + R"("}}]},{"tool":{}}]})");
    CHECK(baseline.match(finding).has_value());
    CHECK(mistake_in(R"({"runs":[{"results":[{"ruleId":"x"}]}]})").find("has no fingerprint of r8scan") != std::string::npos);
}

TEST_CASE("baseline: a report of gitleaks is compared by token and path, or by place where it is redacted")
{
    const auto finding = finding_of(1, "src/a");
    const std::string commit(40, 'c');
    const auto record = [&](const std::string& secret) {
        return R"([{"RuleID":"generic-api-key","StartLine":7,"File":"src/a","Commit":")" + commit + R"(","Secret":")" + secret +
               "\"}]";
    };
    const auto clear = read(record(test::token(1)));
    CHECK(clear.match(finding).has_value());
    CHECK_FALSE(clear.match(finding_of(1, "src/b")).has_value());
    CHECK_FALSE(clear.match(finding_of(2, "src/a")).has_value());
    const auto redacted = read(record("REDACTED"));
    CHECK_FALSE(redacted.match(finding).has_value());
    auto there = finding;
    there.commit = commit;
    there.position.line = 7;
    CHECK(redacted.match(there).has_value());
    there.position.line = 8;
    CHECK_FALSE(redacted.match(there).has_value());
}

TEST_CASE("baseline: what is no report is refused with the way out")
{
    CHECK(mistake_in("") == "baseline \"old.json\": is empty");
    CHECK(mistake_in("hello\n").find("an earlier report in json, jsonl or sarif") != std::string::npos);
    CHECK(mistake_in("{\"findings\":3}").find("no list") != std::string::npos);
    CHECK(mistake_in("{\"findings\":[{}]}").find("has no fingerprint") != std::string::npos);
    CHECK(mistake_in("{\"type\":\"finding\"}\n").find("line 1 is no finding") != std::string::npos);
    CHECK(mistake_in("[1,2]").find("no report of gitleaks") != std::string::npos);
    Baseline baseline;
    CHECK(baseline.add_file("/nonexistent/report.json").error().code() == ErrorCode::not_found);
}

TEST_CASE("baseline: what it writes it reads again, sorted, and without a token")
{
    Baseline baseline;
    CHECK(baseline.add(finding_of(2, "b\xff")));
    CHECK(baseline.add(finding_of(1, "a")));
    CHECK_FALSE(baseline.add(finding_of(1, "a")));
    const auto text = baseline.to_json();
    CHECK(text.find(test::token(1)) == std::string::npos);
    CHECK(text.find(test::redacted(test::token(1))) != std::string::npos);
    const auto again = read(text);
    CHECK(again.size() == 2);
    CHECK(again.match(finding_of(1, "a")).has_value());
    CHECK(again.to_json() == text);
    CHECK(read(Baseline().to_json()).size() == 0);
}

TEST_CASE("baseline: several files add up, and the first that has a finding is named")
{
    const test::TempDir folder;
    test::write_file(folder / "one.json", report_of<report::JsonReport>({finding_of(1, "a")}));
    test::write_file(folder / "two.jsonl", report_of<report::JsonlReport>({finding_of(1, "a"), finding_of(2, "b")}));
    Baseline baseline;
    REQUIRE(baseline.add_file(folder / "one.json").ok());
    REQUIRE(baseline.add_file(folder / "two.jsonl").ok());
    CHECK(baseline.match(finding_of(1, "a"))->origin == (folder / "one.json").string());
    CHECK(baseline.match(finding_of(2, "b"))->origin == (folder / "two.jsonl").string());
}
