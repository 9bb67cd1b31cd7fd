#include "report/sarif.h"

#include "report/sarif_result.h"
#include "report/uri.h"
#include "tests/golden/golden.h"
#include "tests/golden/made_up_scan.h"
#include "tests/support/built_here.h"
#include "tests/support/json_schema.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <zlib.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <set>

using namespace r8scan;
using namespace r8scan::report;
using Json = nlohmann::json;

namespace {

std::string schema()
{
    return test::read_file(std::filesystem::path(test::source_dir()) / "tests/schemas/sarif-2.1.0-rtm.5.json");
}

std::string sarif(const std::vector<Finding>& findings, const Summary& summary, const SarifOptions& options = {})
{
    StringWriter out;
    SarifReport report(out, options);
    test::feed(report, findings, summary);
    return out.text();
}

/// Names where an empty string stands.
std::string empty_strings(const Json& json)
{
    std::string found;
    const Json flat = json.flatten();
    for (const auto& [place, value] : flat.items()) {
        if (value.is_string() && value.get<std::string>().empty()) {
            found += place + ' ';
        }
    }
    return found;
}

Finding with_path(const std::string& path)
{
    Finding finding = test::plain_finding(test::token(1), 'a');
    finding.at_head = false;
    finding.path = path;
    return finding;
}

class OneHash : public LineHashes {
public:
    std::optional<std::string> of(std::string_view path, std::uint64_t line) override
    {
        asked.insert(std::string(path) + ':' + std::to_string(line));
        return path == "src/app.py" ? std::optional<std::string>("abc:1") : std::nullopt;
    }
    std::set<std::string> asked;
};

}  // namespace

TEST_CASE("sarif: valid against the schema, and without an empty string, whatever was found")
{
    for (const auto& text : {sarif(test::made_up_findings(), test::made_up_summary()), sarif({}, test::clean_summary()),
                             sarif({Finding(with_path(""))}, Summary())}) {
        CHECK(test::schema_error(schema(), text) == "");
        CHECK(empty_strings(Json::parse(text)) == "");
    }
}

TEST_CASE("sarif: suppressed findings are results that are suppressed, only where they are asked for")
{
    Summary summary = test::clean_summary();
    summary.suppressed_findings = {
        {"replicate-api-token:0123456789abcdef", test::redacted(test::token(1)), "src/[a] b.py:12 in commit 0123456789ab",
         {"inline mark", "", "made up"}},
        {"replicate-api-token:0123456789abcdee", test::redacted(test::token(2)), "commit in commit 0123456789ab",
         {"baseline", "old.json", ""}},
        {"mine:0123456789abcded", test::redacted(test::token(3)), "a:b:7", {"ignore file", ".r8scanignore:3", "\xff\x1b[31m"}}};
    summary.suppressed = summary.suppressed_findings.size();
    const Json silent = Json::parse(sarif({test::plain_finding(test::token(4), 'a')}, summary));
    CHECK(silent["runs"][0]["results"].size() == 1);
    CHECK(silent["runs"][0]["invocations"][0].dump().find("suppressed by inline mark: made up: 1") != std::string::npos);

    SarifOptions options;
    options.suppressed = true;
    for (const std::size_t per_run : {25000U, 2U}) {
        options.results_per_run = per_run;
        const std::string text = sarif({test::plain_finding(test::token(4), 'a')}, summary, options);
        CHECK(test::schema_error(schema(), text) == "");
        const Json log = Json::parse(text);
        CHECK(empty_strings(log) == "");
        std::vector<Json> results;
        for (const Json& run : log["runs"]) {
            CHECK(run["results"].size() <= per_run);
            for (const Json& result : run["results"]) {
                CHECK(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"] == result["ruleId"]);
                results.push_back(result);
            }
        }
        REQUIRE(results.size() == 4);
        CHECK_FALSE(results[0].contains("suppressions"));
        CHECK(results[1]["suppressions"] == Json::parse(R"([{"kind":"inSource","justification":"inline mark: made up"}])"));
        CHECK(results[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "src/%5Ba%5D%20b.py");
        CHECK(results[1]["locations"][0]["physicalLocation"]["region"]["startLine"] == 12);
        CHECK(results[1]["partialFingerprints"]["r8scanFingerprint/v1"] == "replicate-api-token:0123456789abcdef");
        CHECK(results[2]["suppressions"] == Json::parse(R"([{"kind":"external","justification":"baseline old.json"}])"));
        CHECK_FALSE(results[2]["locations"][0].contains("physicalLocation"));
        CHECK(results[3]["ruleId"] == "mine");
        CHECK(results[3]["suppressions"][0]["kind"] == "external");
        CHECK(results[3]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%3Ab");
    }
}

TEST_CASE("sarif: the check against the schema sees what is wrong")
{
    Json log = Json::parse(sarif(test::made_up_findings(), test::made_up_summary()));
    log["runs"][0]["results"][0]["level"] = "terrible";
    CHECK(test::schema_error(schema(), log.dump()) != "");
}

TEST_CASE("sarif: more results than a run may have make several runs, each of its own category and valid")
{
    SarifOptions options;
    options.results_per_run = 3;
    std::vector<Finding> findings(7, test::plain_finding(test::token(1), 'a'));
    const std::string text = sarif(findings, test::clean_summary(), options);
    CHECK(test::schema_error(schema(), text) == "");
    const Json log = Json::parse(text);
    REQUIRE(log["runs"].size() == 3);
    std::set<std::string> categories;
    std::size_t results = 0;
    for (const Json& run : log["runs"]) {
        results += run["results"].size();
        categories.insert(run["automationDetails"]["id"].get<std::string>());
        CHECK(run["tool"]["driver"]["rules"].size() == 1);
    }
    CHECK(results == 7);
    CHECK(categories.size() == 3);
    CHECK(SarifOptions().results_per_run == 25000);
}

TEST_CASE("sarif: a full run of results that differ stays below ten megabytes when compressed")
{
    test::Rng rng(7);
    std::vector<Finding> findings;
    const auto hex = [&](std::size_t digits) {
        std::string text;
        for (std::size_t i = 0; i < digits; ++i) {
            text += "0123456789abcdef"[rng.below(16)];
        }
        return text;
    };
    for (std::size_t i = 0; i < 25000; ++i) {
        Finding finding = test::plain_finding(test::token(1), 'a');
        finding.secret = std::make_shared<const Secret>(test::random_token(rng));
        finding.token_sha256 = hex(64);
        finding.object = hex(40);
        finding.commit = hex(40);
        finding.removed_in = hex(40);
        finding.fingerprint = "replicate-api-token:" + hex(16);
        finding.path = "src/" + hex(8) + "/settings.py";
        findings.push_back(std::move(finding));
    }
    const std::string text = sarif(findings, test::clean_summary());
    CHECK(Json::parse(text)["runs"].size() == 1);
    uLongf size = compressBound(static_cast<uLong>(text.size()));
    std::string packed(size, '\0');
    REQUIRE(compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
                      static_cast<uLong>(text.size()), 6) == Z_OK);
    CHECK(size < 10'000'000);
}

TEST_CASE("sarif: addresses of files are relative and percent-encoded")
{
    CHECK(uri_of_path("src/app.py") == "src/app.py");
    CHECK(uri_of_path("a b/c#d?e%f") == "a%20b/c%23d%3Fe%25f");
    CHECK(uri_of_path("c:d") == "c%3Ad");
    CHECK(uri_of_path("caf\xe9") == "caf%E9");
    CHECK(uri_of_path("[id].tsx") == "%5Bid%5D.tsx");
    CHECK(uri_of_path("/etc/x") == "file:///etc/x");
    const Json log = Json::parse(sarif({with_path("a b:c")}, test::clean_summary()));
    CHECK(log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b%3Ac");
}

TEST_CASE("sarif: a message is no link and has no placeholder")
{
    CHECK(sarif_message("see [this](http://x) {0} a\\b") == "see \\[this\\](http://x) {{0}} a\\\\b");
}

TEST_CASE("sarif: the hash of a line is that of the place shown, where the file is present")
{
    OneHash hashes;
    SarifOptions options;
    options.line_hashes = &hashes;
    const Json log = Json::parse(
        sarif({test::plain_finding(test::token(1), 'a'), with_path("gone.py")}, test::clean_summary(), options));
    const Json& results = log["runs"][0]["results"];
    CHECK(results[0]["partialFingerprints"]["primaryLocationLineHash"] == "abc:1");
    CHECK(results[0]["partialFingerprints"].contains("r8scanFingerprint/v1"));
    CHECK_FALSE(results[1]["partialFingerprints"].contains("primaryLocationLineHash"));
    CHECK(hashes.asked == std::set<std::string>{"src/app.py:14", "gone.py:12"});
}

TEST_CASE("sarif: an incomplete scan is no successful run, and says what was not read")
{
    const Json log = Json::parse(sarif({}, test::made_up_summary()));
    const Json& invocation = log["runs"][0]["invocations"][0];
    CHECK(invocation["executionSuccessful"] == false);
    CHECK(invocation["exitCode"] == 3);
    CHECK(invocation["toolExecutionNotifications"].dump().find("damaged object: 4") != std::string::npos);
    CHECK(Json::parse(sarif({}, test::clean_summary()))["runs"][0]["invocations"][0]["executionSuccessful"] == true);
}
