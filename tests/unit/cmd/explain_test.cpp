// `r8scan explain`, the help of each command, and completion scripts.
#include "cmd/command_line.h"
#include "cmd/completion.h"
#include "cmd/help.h"
#include "cmd/option_table.h"
#include "cmd/plan.h"
#include "tests/support/program.h"
#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sstream>

using namespace r8scan;
using namespace r8scan::cmd;

namespace {

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

/// "repo": one token at two commits of one path, moved and removed, and another that stands.
void build_story(const test::TempDir& folder)
{
    test::RepoBuilder repo(folder / "repo");
    const auto first = repo.commit_files({{"a", "k=" + test::token(1) + "\n"}}, {}, "Bring one");
    const auto second = repo.commit_files({{"b", "x=" + test::token(2) + "\n"}}, {first}, "Take it out, bring another");
    const auto third = repo.commit_files({{"a", "k=" + test::token(1) + "\n"}, {"b", "x=" + test::token(2) + "\n"}},
                                         {second}, "Again");
    repo.ref("refs/heads/main", third);
    repo.flush();
}

std::vector<std::string> fingerprints(const test::Ran& ran)
{
    std::vector<std::string> all;
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) {
        const auto record = nlohmann::json::parse(line);
        if (record["type"] == "finding" && (all.empty() || all.back() != record["fingerprint"])) {
            all.push_back(record["fingerprint"]);
        }
    }
    return all;
}

}  // namespace

TEST_CASE("explain: one finding with every place, its history and its reasons, and no other")
{
    const test::TempDir folder;
    build_story(folder);
    const auto all = test::run_shell(folder.path(), "\"$R8SCAN\" git repo -f jsonl");
    REQUIRE(all.exit_code == 1);
    const auto known = fingerprints(all);
    REQUIRE(known.size() >= 2);
    const std::string mine = known.front();
    for (const std::string& word : {mine, mine.substr(mine.find(':') + 1)}) {
        const auto ran = test::run_shell(folder.path(), "\"$R8SCAN\" explain " + word + " repo --color never");
        CHECK(ran.exit_code == 0);
        CHECK(contains(ran.out, "fingerprint " + mine));
        CHECK(contains(ran.out, "confidence  high: "));
        CHECK(contains(ran.out, "rule        replicate-api-token"));
        CHECK(contains(ran.out, "introduced"));
        CHECK(contains(ran.out, "object"));
        CHECK(!contains(ran.out, known.back()));
        CHECK(!contains(ran.out + ran.err, test::token(1)));
    }
    const auto json = test::run_shell(folder.path(), "\"$R8SCAN\" explain " + mine + " repo -f json");
    CHECK(json.exit_code == 0);
    const auto record = nlohmann::json::parse(json.out);
    CHECK(record["findings"].size() == record["summary"]["findings"]);
    CHECK(record["summary"]["tokens"] == 1);
    for (const auto& finding : record["findings"]) {
        CHECK(finding["fingerprint"] == mine);
    }
}

TEST_CASE("explain: a suppressed finding is told whole, with who suppresses it and why")
{
    const test::TempDir folder;
    test::RepoBuilder repo(folder / "repo");
    const auto first = repo.commit_files({{"a.py", test::token(1) + "\n"}, {"b.py", test::token(2) + " # r8scan:allow made up\n"}},
                                         {}, "Bring both");
    const auto second = repo.commit_files(
        {{"a.py", "gone\n"}, {"b.py", test::token(2) + " # r8scan:allow made up\n"}, {".r8scanignore", "a.py reason=\"dead since May\"\n"}},
        {first}, "Take one out");
    repo.ref("refs/heads/main", second);
    repo.flush();
    const auto all = test::run_shell(folder.path(), "\"$R8SCAN\" git repo -f jsonl");
    REQUIRE(all.exit_code == 0);
    const auto summary = nlohmann::json::parse(all.out);
    REQUIRE(summary["suppressed_findings"].size() == 2);
    for (const auto& left_out : summary["suppressed_findings"]) {
        const auto ran = test::run_shell(folder.path(), "\"$R8SCAN\" explain " +
                                                            left_out["fingerprint"].get<std::string>() + " repo");
        const bool is_marked = left_out["by"] == "inline mark";
        CHECK(ran.exit_code == 0);
        CHECK(contains(ran.out, is_marked ? "b.py:1" : "a.py:1"));
        CHECK(contains(ran.out, "introduced  " + first.hex().substr(0, 10)));
        CHECK(contains(ran.out, is_marked ? "still at HEAD" : "removed in  " + second.hex().substr(0, 10)));
        CHECK(contains(ran.out, is_marked ? "other commands leave this one out: inline mark: made up"
                                          : "other commands leave this one out: ignore file .r8scanignore:1: dead since May"));
        CHECK(contains(ran.out, "1 token in 1 place"));
        CHECK(!contains(ran.out, is_marked ? "a.py:1" : "b.py:1"));
    }
    // One that nothing suppresses is told as ever, and a report that is the baseline does as well as a file.
    test::write_file(folder / "base.json",
                     R"({"findings":[{"fingerprint":")" + summary["suppressed_findings"][0]["fingerprint"].get<std::string>() + "\"}]}");
    const auto known = test::run_shell(folder.path(), "\"$R8SCAN\" explain --no-repo-config -b base.json " +
                                                          summary["suppressed_findings"][0]["fingerprint"].get<std::string>() + " repo");
    CHECK(contains(known.out, "leave this one out: baseline base.json"));
    const auto plain = test::run_shell(folder.path(), "\"$R8SCAN\" explain --no-repo-config " +
                                                          summary["suppressed_findings"][0]["fingerprint"].get<std::string>() + " repo");
    CHECK(plain.exit_code == 0);
    CHECK(!contains(plain.out, "leave this one out"));
}

TEST_CASE("explain: a fingerprint that is not there ends with 2 and names the nearest")
{
    const test::TempDir folder;
    build_story(folder);
    std::string known = fingerprints(test::run_shell(folder.path(), "\"$R8SCAN\" git repo -f jsonl")).front();
    const std::string right = known;
    known.back() = known.back() == '0' ? '1' : '0';
    const auto near = test::run_shell(folder.path(), "\"$R8SCAN\" explain " + known + " repo -o report");
    CHECK(near.exit_code == 2);
    CHECK(contains(near.err, "did you mean " + right));
    CHECK(!std::filesystem::exists(folder / "report"));
    const auto far = test::run_shell(folder.path(), "\"$R8SCAN\" explain nothing repo");
    CHECK(far.exit_code == 2);
    CHECK(contains(far.err, "r8scan git -v"));
    CHECK(test::run_shell(folder.path(), "\"$R8SCAN\" explain").exit_code == 2);
    CHECK(contains(test::run_shell(folder.path(), "\"$R8SCAN\" git -v repo").out, right));
}

TEST_CASE("help: every command has examples that it takes, its own options and no other's")
{
    for (const CommandSpec& command : command_table()) {
        INFO(command.name);
        const std::string text = help_text(command.name);
        CHECK(contains(text, fmt::format("r8scan {}", command.name)));
        CHECK(contains(text, "Usage"));
        for (const OptionSpec& option : option_table()) {
            CHECK(contains(text, fmt::format("--{}", option.name)) >= applies_to(option, command.name));
            if (!applies_to(option, command.name)) {
                CHECK(!contains(text, fmt::format("  --{} ", option.name)));
            }
        }
    }
    for (const auto* const command : {"git", "staged", "message", "push", "receive", "ci", "dir", "stdin", "explain",
                                      "hook", "patterns", "completion"}) {
        INFO(command);
        CHECK(!examples_of(command).empty());
        std::istringstream lines{std::string(examples_of(command))};
        for (std::string line; std::getline(lines, line);) {
            const auto at = line.find("r8scan ");
            if (at == std::string::npos || !line.starts_with("  ")) {
                continue;
            }
            // The words up to the remark, a pipe or a redirection.
            std::vector<std::string> words;
            std::istringstream rest(line.substr(at + 7, line.find("  ", at) - at - 7));
            for (std::string word; rest >> word && word.find_first_of("|<>") == std::string::npos;) {
                words.push_back(word.substr(0, word.find(')')));
            }
            INFO(line);
            CHECK(parse_command_line(words).ok());
        }
    }
    const test::TempDir folder;
    const auto ran = test::run_shell(folder.path(), "\"$R8SCAN\" hook -h");
    CHECK(ran.exit_code == 0);
    CHECK(ran.out == help_text("hook"));
}

TEST_CASE("completion: what is offered for an option is taken by it")
{
    for (const OptionSpec& option : option_table()) {
        for (const std::string_view word : words_of_option(option.name)) {
            INFO(option.name << ' ' << word);
            const auto typed = parse_command_line(
                {option.name == "stage" ? "hook" : "git", "--" + std::string(option.name), std::string(word)});
            REQUIRE(typed.ok());
            if (option.name != "stage") {
                CHECK(plan_git(*typed).ok());
            }
        }
    }
    CHECK(completion_script("tcsh").empty());
    const test::TempDir folder;
    CHECK(test::run_shell(folder.path(), "\"$R8SCAN\" completion").exit_code == 2);
}

TEST_CASE("completion: bash completes commands, options of the command, their words, and files")
{
    const test::TempDir folder;
    if (test::run_shell(folder.path(), "bash -c 'complete -p; true' && bash -c 'type compgen'").exit_code != 0) {
        MESSAGE("no bash with completion here");
        return;
    }
    test::write_file(folder / "some-file", "");
    const auto complete = [&](const std::string& words) {
        test::write_file(folder / "try",
                         "source ./script\nCOMP_WORDS=(" + words +
                             ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_r8scan\necho \"${COMPREPLY[*]}\"\n");
        const auto ran =
            test::run_shell(folder.path(), "\"$R8SCAN\" completion bash >script && bash --norc --noprofile try");
        CHECK(ran.err.empty());
        return ran.out;
    };
    CHECK(complete("r8scan sta") == "staged\n");
    CHECK(contains(complete("r8scan ''"), "git"));
    CHECK(complete("r8scan git --no-att") == "--no-attribution\n");
    CHECK(complete("r8scan dir --no-att") == "\n");
    CHECK(complete("r8scan --color never git --color a") == "auto always\n");
    CHECK(complete("r8scan hook un") == "uninstall\n");
    CHECK(complete("r8scan hook install --stage pre-p") == "pre-push\n");
    CHECK(complete("r8scan git some") == "some-file\n");
    CHECK(complete("r8scan git -o some") == "some-file\n");
}

TEST_CASE("completion: zsh and fish take their scripts")
{
    const test::TempDir folder;
    const auto try_shell = [&](const std::string& shell, const std::string& command) {
        if (test::run_shell(folder.path(), "command -v " + shell).exit_code != 0) {
            MESSAGE("no " << shell << " here");
            return;
        }
        const auto ran = test::run_shell(folder.path(), "\"$R8SCAN\" completion " + shell + " >script && " + command);
        CHECK(ran.exit_code == 0);
        CHECK(ran.err.empty());
    };
    try_shell("zsh", "zsh -f -n script");
    try_shell("fish",
              "fish --no-config --no-execute script && fish --no-config -c 'source script; complete -C \"r8scan hook "
              "un\" | grep -qx uninstall'");
}
