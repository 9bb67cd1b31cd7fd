// The reports for people and in JSON of one made-up scan, against their golden files.
#include "report/json.h"
#include "report/jsonl.h"
#include "report/text.h"
#include "tests/golden/golden.h"
#include "tests/golden/made_up_scan.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <sstream>
#include <string>
#include <vector>

using namespace r8scan;
using namespace r8scan::report;
using test::check_golden;
using test::holds_a_token;

namespace {

template <typename Report, typename Options>
std::string written(const std::vector<Finding>& findings, const Summary& summary, const Options& options)
{
    StringWriter out;
    Report report(out, options);
    test::feed(report, findings, summary);
    return out.text();
}

}  // namespace

TEST_CASE("golden: text")
{
    const std::string text = written<TextReport>(test::made_up_findings(), test::made_up_summary(), TextOptions{});
    CHECK_FALSE(holds_a_token(text));
    check_golden("report.txt", text);
}

TEST_CASE("golden: text with colours, every place, tokens in the clear")
{
    TextOptions options;
    options.colour = true;
    options.verbose = true;
    options.show_secrets = true;
    const std::string text = written<TextReport>(test::made_up_findings(), test::made_up_summary(), options);
    CHECK(holds_a_token(text));
    check_golden("report-colour.txt", text);
}

TEST_CASE("golden: text of a clean repository, and of one that was cut short")
{
    Summary interrupted = test::clean_summary();
    interrupted.objects.scanned = 200;
    interrupted.interrupted = true;
    interrupted.complete = false;
    interrupted.skipped = {{"interrupted", 1, {"the scan was stopped"}, "scan again"}};
    check_golden("clean.txt", written<TextReport>({}, test::clean_summary(), TextOptions{}));
    check_golden("interrupted.txt", written<TextReport>({}, interrupted, TextOptions{}));

    TextOptions quiet;
    quiet.quiet = true;
    CHECK(written<TextReport>({}, test::clean_summary(), quiet).empty());
    CHECK(written<TextReport>({}, interrupted, quiet).find("INTERRUPTED") != std::string::npos);
}

TEST_CASE("golden: text of tokens that are all dead counts them, and has nothing to revoke")
{
    Finding revoked = test::plain_finding(test::token(1), 'a');
    revoked.verification = {"inactive", "2025-01-02T03:04:05Z", "the API does not know the token"};
    revoked.revocation = {"revoked", "2025-01-02T03:04:04Z", ""};
    Finding dead = test::plain_finding(test::token(2), 'b');
    dead.verification = revoked.verification;
    Summary summary = test::clean_summary();
    summary.tokens = summary.findings = 2;
    const auto text_of = [&](const std::vector<Finding>& findings) {
        return written<TextReport>(findings, summary, TextOptions{});
    };
    const std::string over = text_of({revoked, dead});
    CHECK(over.find("\nTokens    1 revoked and 1 inactive\nVerdict   2 tokens in 2 places\n"
                    "Next      1. Nothing is left to revoke.") != std::string::npos);

    dead.verification->status = "active";
    const std::string live = text_of({revoked, dead});
    CHECK(live.find("\nTokens    1 active and 1 revoked\n") != std::string::npos);
    CHECK(live.find("1. Revoke the tokens") != std::string::npos);
    revoked.verification->status = "active";  // whatever the callback said
    CHECK(text_of({revoked, dead}).find("\nTokens    2 active\n") != std::string::npos);
    dead.verification->status = "unknown";
    CHECK(text_of({dead}).find("\nTokens    1 unknown\n") != std::string::npos);
    dead.verification.reset();
    CHECK(text_of({dead}).find("\nTokens ") == std::string::npos);
    summary.complete = false;
    CHECK(text_of({revoked}).find("Nothing is left to revoke") == std::string::npos);
}

TEST_CASE("golden: text holds no control byte but the newline, whatever the repository holds")
{
    for (const char c : written<TextReport>(test::made_up_findings(), test::made_up_summary(), TextOptions{})) {
        const auto byte = static_cast<unsigned char>(c);
        CHECK((byte >= 0x20 || byte == '\n'));
        CHECK(byte != 0x7f);
    }
}

TEST_CASE("golden: jsonl, with the summary as the last line")
{
    const std::string text = written<JsonlReport>(test::made_up_findings(), test::made_up_summary(), false);
    CHECK_FALSE(holds_a_token(text));
    check_golden("report.jsonl", text);
    check_golden("report-secrets.jsonl",
                 written<JsonlReport>({test::plain_finding(test::token(1), 'a')}, test::clean_summary(), true));
}

TEST_CASE("golden: json holds the records of jsonl")
{
    const std::string text = written<JsonReport>(test::made_up_findings(), test::made_up_summary(), false);
    check_golden("report.json", text);
    check_golden("clean.json", written<JsonReport>({}, test::clean_summary(), false));

    using Json = nlohmann::ordered_json;
    Json records = Json::array();
    std::istringstream lines(written<JsonlReport>(test::made_up_findings(), test::made_up_summary(), false));
    for (std::string line; std::getline(lines, line);) {
        records.push_back(Json::parse(line));
    }
    const Json summary = records.back();
    records.erase(records.size() - 1);
    CHECK(Json::parse(text) == Json{{"findings", records}, {"summary", summary}});
}
