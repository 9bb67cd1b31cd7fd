// From words and environment to what the program will do.
#include "cmd/plan.h"
#include "cmd/typed_values.h"

#include "cmd/command_line.h"
#include "cmd/help.h"
#include "cmd/option_table.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace r8scan;
using namespace r8scan::cmd;

namespace {

using Words = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

Result<Plan> plan_of(const Words& words, const Variables& variables = {})
{
    Result<TypedOptions> typed = parse_command_line(words);
    if (!typed) {
        return typed.error();
    }
    add_environment(*typed, [&](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    });
    return plan_git(*typed);
}

std::string error_of(const Words& words, const Variables& variables = {})
{
    const Result<Plan> plan = plan_of(words, variables);
    if (plan) {
        return "no error";
    }
    CHECK(plan.error().code() == ErrorCode::usage);
    return plan.error().message();
}

}  // namespace

TEST_CASE("options: without any, the plan is the library's defaults and text on standard output")
{
    const Plan plan = plan_of({"git"}).value();
    const ScanOptions defaults;
    CHECK(plan.scan.repository == ".");
    CHECK(plan.scan.threads == 0);
    CHECK(plan.scan.min_confidence == defaults.min_confidence);
    CHECK(plan.scan.max_object_size == defaults.max_object_size);
    CHECK(plan.scan.attribution);
    CHECK(plan.scan.delta_rule);
    CHECK_FALSE(plan.scan.verify_objects);
    CHECK_FALSE(plan.show_secrets);
    REQUIRE(plan.outputs.size() == 1);
    CHECK(plan.outputs[0].format == Format::text);
    CHECK(plan.outputs[0].file.empty());
}

TEST_CASE("options: every option reaches the scan")
{
    const Plan plan = plan_of({"git",
                               "repo",
                               "-j",
                               "3",
                               "--min-confidence",
                               "low",
                               "--show-placeholders",
                               "--show-secrets",
                               "--exit-zero",
                               "--patterns",
                               "a.toml",
                               "--patterns",
                               "b",
                               "--no-attribution",
                               "--no-delta-rule",
                               "--verify-objects",
                               "--allow-outside",
                               "--max-object-size",
                               "1G",
                               "-v",
                               "--color",
                               "always",
                               "--stats"})
                          .value();
    CHECK(plan.scan.repository == "repo");
    CHECK(plan.scan.threads == 3);
    CHECK(plan.scan.min_confidence == Confidence::low);
    CHECK(plan.scan.show_placeholders);
    CHECK(plan.scan.exit_zero);
    CHECK(plan.scan.patterns == std::vector<std::filesystem::path>{"a.toml", "b"});
    CHECK_FALSE(plan.scan.attribution);
    CHECK_FALSE(plan.scan.delta_rule);
    CHECK(plan.scan.verify_objects);
    CHECK(plan.scan.allow_outside);
    CHECK(plan.scan.max_object_size == 1ULL << 30U);
    CHECK(plan.show_secrets);
    CHECK(plan.verbose);
    CHECK(plan.stats);
    CHECK(plan.colour == Colour::always);
}

TEST_CASE("options: they stand before or after the command, joined or apart, and the last one counts")
{
    CHECK(plan_of({"-j", "2", "git"}).value().scan.threads == 2);
    CHECK(plan_of({"git", "-j2"}).value().scan.threads == 2);
    CHECK(plan_of({"git", "--jobs=2", "repo"}).value().scan.repository == "repo");
    CHECK(plan_of({"git", "-j", "2", "-j", "4"}).value().scan.threads == 4);
    CHECK(plan_of({"git", "-f", "jsonl", "repo"}).value().scan.repository == "repo");
    CHECK(plan_of({"git", "--", "-odd"}).value().scan.repository == "-odd");
    CHECK(plan_of({"git", "git"}).value().scan.repository == "git");
    CHECK(plan_of({"git", "-v", "-v"}).value().verbose);
}

TEST_CASE("options: several reports of one scan, at most one of them without a file")
{
    const Plan plan = plan_of({"git", "-f", "text", "-f", "json=a.json", "-fjsonl=b.jsonl"}).value();
    REQUIRE(plan.outputs.size() == 3);
    CHECK(plan.outputs[0].file.empty());
    CHECK(plan.outputs[1].format == Format::json);
    CHECK(plan.outputs[1].file == "a.json");
    CHECK(plan.outputs[2].file == "b.jsonl");

    CHECK(plan_of({"git", "-o", "x"}).value().outputs[0].file == "x");
    CHECK(plan_of({"git", "-o", "-"}).value().outputs[0].file.empty());
    CHECK(plan_of({"git", "-f", "json=a", "-f", "jsonl", "-o", "b"}).value().outputs[1].file == "b");
    CHECK(plan_of({"git", "-f", "json=a=b"}).value().outputs[0].file == "a=b");

    CHECK(error_of({"git", "-f", "json", "-f", "text"}).starts_with("two reports for standard output"));
    CHECK(error_of({"git", "-f", "json=a", "-f", "text=./a"}) == "two reports for the file \"a\"");
    CHECK(error_of({"git", "-f", "json=a", "-o", "b"}) ==
          "--output: \"b\" has no report left to write: every -f names a file already");
    CHECK(error_of({"git", "-f", "json="}) == "--format: \"json=\" names no file behind the equals sign");
}

TEST_CASE("environment: a variable speaks where nothing was typed")
{
    const Plan plan = plan_of({"git"}, {{"R8SCAN_JOBS", "5"},
                                        {"R8SCAN_FORMAT", "text,jsonl=out"},
                                        {"R8SCAN_PATTERNS", "a:b"},
                                        {"R8SCAN_NO_ATTRIBUTION", "yes"},
                                        {"R8SCAN_EXIT_ZERO", "0"},
                                        {"R8SCAN_MAX_OBJECT_SIZE", "64K"},
                                        {"R8SCAN_COLOR", ""}})
                          .value();
    CHECK(plan.scan.threads == 5);
    REQUIRE(plan.outputs.size() == 2);
    CHECK(plan.outputs[1].file == "out");
    CHECK(plan.scan.patterns.size() == 2);
    CHECK_FALSE(plan.scan.attribution);
    CHECK_FALSE(plan.scan.exit_zero);
    CHECK(plan.scan.max_object_size == 64U << 10U);
}

TEST_CASE("environment: what is typed beats it, and it never shows secrets")
{
    CHECK(plan_of({"git", "-j", "2"}, {{"R8SCAN_JOBS", "nonsense"}}).value().scan.threads == 2);
    CHECK(plan_of({"git", "-f", "json"}, {{"R8SCAN_FORMAT", "jsonl"}}).value().outputs[0].format == Format::json);
    CHECK(plan_of({"git", "-q"}, {{"R8SCAN_VERBOSE", "1"}}).value().quiet);
    CHECK(plan_of({"git", "-f", "json=a"}, {{"R8SCAN_OUTPUT", "b"}}).value().outputs[0].file == "a");
    CHECK_FALSE(plan_of({"git"}, {{"R8SCAN_SHOW_SECRETS", "1"}}).value().show_secrets);
}

TEST_CASE("environment: every option has a variable but those that must be typed, and the help names every option")
{
    const std::string help = help_text();
    std::vector<std::string_view> without;
    for (const OptionSpec& option : option_table()) {
        CAPTURE(option.name);
        CHECK(help.find("--" + std::string(option.name)) != std::string::npos);
        if (!option.from_environment) {
            without.push_back(option.name);
        }
    }
    CHECK(without == std::vector<std::string_view>{"show-secrets", "on-finding", "revoke", "yes", "version", "help"});
    CHECK(help.find("Examples") < help.find("Usage"));
}

TEST_CASE("usage: a wrong value names the option or the variable, and what to give")
{
    CHECK(error_of({"git", "-j", "many"}) ==
          "--jobs: \"many\" is no number of threads: give 0 (one for each processor) to 256");
    CHECK(error_of({"git", "-j", "-1"}).find("--jobs") != std::string::npos);
    CHECK(error_of({"git"}, {{"R8SCAN_JOBS", "4x"}}).starts_with("R8SCAN_JOBS: \"4x\" is no number"));
    CHECK(error_of({"git", "-f", "jsonI"}) == "--format: \"jsonI\" is not known: did you mean json?");
    CHECK(error_of({"git", "-f", "spreadsheet"})
              .starts_with("--format: \"spreadsheet\" is not known: give text, json, jsonl"));
    CHECK(error_of({"git"}, {{"R8SCAN_FORMAT", "replace-text=x"}}).find("never read from the environment") !=
          std::string::npos);
    CHECK(error_of({"git", "--min-confidence", "hihg"}) ==
          "--min-confidence: \"hihg\" is not known: did you mean high?");
    CHECK(error_of({"git", "--color", "x"}) == "--color: \"x\" is not known: give auto, always or never");
    CHECK(error_of({"git"}, {{"R8SCAN_STATS", "maybe"}}) ==
          "R8SCAN_STATS: \"maybe\" is neither yes nor no: give 1 or 0");
    CHECK(error_of({"git", "--max-object-size", "3x"}) ==
          "--max-object-size: \"3x\" is no size: give bytes, or 512K, 256M, 1G");
    CHECK(error_of({"git", "-q", "-v"}) == "--quiet and --verbose exclude each other: give one of them");
    CHECK(error_of({"git", ""}).starts_with("the repository's path is empty"));
}

TEST_CASE("usage: unknown words are answered with what was probably meant")
{
    CHECK(error_of({"gti"}) == "unknown command \"gti\": did you mean \"git\"?");
    CHECK(error_of({"frobnicate"}) == "unknown command \"frobnicate\": r8scan -h lists them");
    CHECK(error_of({"./repo"}) ==
          "\"./repo\" is not a command: to scan a repository, say r8scan git ./repo; "
          "to scan files, r8scan dir ./repo");
    CHECK(error_of({"git", "--fromat", "json"}) == "unknown option \"--fromat\": did you mean --format?");
    CHECK(error_of({"--job=2", "git"}) == "unknown option \"--job\": did you mean --jobs?");
    CHECK(error_of({"git", "-Z"}) == "unknown option \"-Z\": r8scan -h lists them");
    CHECK(error_of({"git", "a", "b"}) == "unexpected argument \"b\": git takes one repository");
    CHECK(error_of({"git", "-j"}) == "--jobs needs a value: r8scan -h says which");
}

TEST_CASE("sizes: bytes with or without a unit of 1024")
{
    CHECK(parse_size("1").value() == 1);
    CHECK(parse_size("1000").value() == 1000);
    CHECK(parse_size("64k").value() == 65536);
    CHECK(parse_size("64KiB").value() == 65536);
    CHECK(parse_size("2MB").value() == 2U << 20U);
    CHECK(parse_size("7B").value() == 7);
    CHECK(parse_size("1T").value() == 1ULL << 40U);
    CHECK(parse_size("16777215T").value() == 16777215ULL << 40U);
    for (const char* wrong :
         {"", "0", "-1", "1.5G", "G", "1X", "1KK", "1iB", "16777216T", "99999999999999999999", " 1"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_size(wrong).ok());
    }
}
