// Every example in README.md is run, in a home that has what it speaks of: a repository with leaks, a server of it, a
// receiver, earlier reports. What cannot be run is in one list, each with its reason, and its options are checked.
#include "cmd/command_line.h"
#include "cmd/option_table.h"
#include "tests/support/built_here.h"
#include "tests/support/git_command.h"
#include "tests/support/http_server.h"
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"
#include "tests/unit/examples/markdown.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace fs = std::filesystem;

using namespace r8scan;
using namespace std::chrono_literals;
using test::Ran;
using test::token;

namespace {

/// Shell that a test does not run, by how it begins, and why. The names in it are checked all the same.
const std::map<std::string, std::string> not_run{
    {"sh examples/quickstart.sh", "installs and builds; the test of quickstart.sh runs it without that"},
    {"sh tests/run.sh", "is what runs the tests"},
    {"cmake ", "builds r8scan"},
    {"sh examples/build-static.sh", "installs and builds; its program has tests of its own"},
    {"docker build", "needs a docker daemon"},
    {"docker run", "needs a docker daemon"},
};

/// Words that stand for something, and what they are given here.
const std::map<std::string, std::string> meant{
    {"COMMAND", "git"},
    {"REPO|URL", "."},
    {"[REPO]", "."},
    {"bash|zsh|fish", "bash"},
};

std::string readme()
{
    return test::read_file(fs::path(test::source_dir()) / "README.md");
}

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

/// A home folder, and in it the repository `app`, where the examples are run one after the other.
class Home {
public:
    Home() : server([this](const test::SeenRequest& seen) { return answer(seen); })
    {
        fs::create_directories(folder / "bin");
        fs::create_symlink(test::program(), folder / "bin/r8scan");
        test::write_file(folder / "bin/docker", "#!/bin/sh\ncat \"$HOME/docker.log\"\n");
        fs::permissions(folder / "bin/docker", fs::perms::owner_all);
        test::write_file(folder / "docker.log", "started with " + token(4) + "\n");
        test::write_file(folder / "notes/todo", "renew " + token(5) + "\n");
        make_repository();
        must("git clone -q --mirror app served.git && cp -r served.git app/app.git");
        must("cd app && git remote add origin ../served.git && git fetch -q origin");
        test::write_file(app() / "settings.py", "a = \"" + token(1) + "\"\nb = \"" + token(2) + "\"\n");
        must(
            "cd app && git add settings.py && r8scan git app.git -f jsonl=a.jsonl -f json=baseline.json --exit-zero && "
            "r8scan dir ../notes -f jsonl=b.jsonl --exit-zero");
        fs::create_directories(app() / "build");
        test::write_file(app() / "build/bundle.js", "auth(\"" + token(6) + "\")\n");
        test::write_file(app() / "tokens", token(1) + "\n" + token(2) + "\n");
        fs::copy_file(fs::path(test::source_dir()) / "examples/patterns/internal-keys.toml", app() / "mine.toml");
        test::write_file(folder / "waiting.toml",
                         "[[callback]]\nname = \"broken\"\nstage = \"notify\"\nkind = \"http\"\nurl = \"" +
                             server.url("/broken") + "\"\n");
    }

    [[nodiscard]] fs::path app() const { return folder / "app"; }

    /// One line of shell in `app`, with the addresses of the README leading here. No token may be in what it prints.
    Ran run(std::string line, const std::string& before = {}) const
    {
        line = replaced(line, "https://hooks.example.com", server.url());
        line = replaced(line, "https://keys.example.com", server.url());
        line = replaced(line, "https://example.org/app.git", "file://" + (folder / "served.git").string());
        const Ran ran = test::run_shell(app(), prelude() + before + "\n" + line);
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
            CHECK((ran.out + ran.err).find(token(seed)) == std::string::npos);
        }
        return ran;
    }

    /// The id of an event that waits in the outbox to be delivered.
    [[nodiscard]] std::string waiting_event() const
    {
        const Ran sent = run("r8scan git -q --deliver-timeout 1 -c ../waiting.toml");
        CHECK(sent.exit_code == 4);
        const Ran listed = run("r8scan outbox list -f jsonl");
        std::istringstream lines(listed.out);
        for (std::string line; std::getline(lines, line);) {
            const auto event = nlohmann::json::parse(line);
            if (event.value("state", "") == "pending") {
                return event["event_id"];
            }
        }
        FAIL("nothing waits in the outbox: " << listed.out << listed.err);
        return {};
    }

    test::TempDir folder;
    test::HttpServer server;

private:
    [[nodiscard]] std::string prelude() const
    {
        return "export HOME='" + folder.path().string() +
               "' GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada "
               "GIT_COMMITTER_EMAIL=ada@example.org no_proxy=127.0.0.1 R8SCAN_API_BASE='" +
               server.url("/v1") +
               "'; export PATH=\"$HOME/bin:$PATH\"; unset XDG_STATE_HOME XDG_DATA_HOME XDG_CACHE_HOME CI "
               "GITHUB_ACTIONS "
               "GITLAB_CI; ";
    }

    void must(const std::string& line) const
    {
        const Ran ran = test::run_shell(folder.path(), prelude() + line);
        REQUIRE_MESSAGE(ran.exit_code == 0, line, ran.out, ran.err);
    }

    void make_repository() const
    {
        test::write_file(app() / "settings.py", "a = \"" + token(1) + "\"\n");
        must("cd app && git init -q -b main && git add -A && git commit -q -m 'Add settings'");
        test::write_file(folder / "message", "Fix the login\n\nTried with " + token(2) + "\n");
        must("cd app && git commit -q --allow-empty -F ../message && git checkout -q -b feature");
        test::write_file(app() / "feature.py", "c = \"" + token(3) + "\"\n");
        must("cd app && git add -A && git commit -q -m Feature && git checkout -q main");
    }

    test::Answer answer(const test::SeenRequest& seen) const
    {
        if (seen.path.starts_with("/v1/account")) {
            const bool live = seen.header("authorization") == "Bearer " + token(1);
            return live ? test::Answer{200, R"({"type":"user","username":"ada"})", "application/json", {}, 0ms}
                        : test::Answer{401, R"({"title":"Unauthenticated"})", "application/problem+json", {}, 0ms};
        }
        if (seen.path == "/broken") {
            return {500, "", "text/plain", {}, 0ms};
        }
        return {200,
                seen.path == "/disable" ? R"({"status":"revoked"})" : R"({"status":"ok"})",
                "application/json",
                {},
                0ms};
    }
};

std::string beginning_of(const std::string& line, const std::map<std::string, std::string>& table)
{
    for (const auto& [begin, reason] : table) {
        if (line.starts_with(begin)) {
            return begin;
        }
    }
    return {};
}

/// What r8scan is told in a line of shell, up to a pipe, a redirection or a comment; empty where it is not called.
std::vector<std::string> words_for_r8scan(const std::string& line)
{
    static const std::regex call(R"re((?:^|[\s/;&|(])r8scan +([^|;&<>#]*|[^;&<>#]*\|[a-zA-Z][^;&<>#]*))re");
    std::smatch match;
    std::vector<std::string> words;
    if (std::regex_search(line, match, call)) {
        std::istringstream stream(match[1].str());
        for (std::string word; stream >> word;) {
            const auto known = meant.find(word);
            words.push_back(known == meant.end() ? word : known->second);
        }
    }
    return words;
}

std::string refusal_of(const std::vector<std::string>& words)
{
    const auto typed = cmd::parse_command_line(words);
    return typed ? "" : typed.error().message();
}

/// Every word behind `before` in a line: `--preset release` has "release" behind "--preset ".
std::vector<std::string> words_behind(const std::string& line, const std::string& before)
{
    std::vector<std::string> words;
    for (std::size_t at = line.find(before); at != std::string::npos; at = line.find(before, at + 1)) {
        const std::size_t begin = at + before.size();
        words.push_back(line.substr(begin, line.find_first_of(" =#&|]", begin) - begin));
    }
    return words;
}

/// Every CMakeLists.txt of the project, one after the other.
std::string all_of_cmake()
{
    const fs::path root = test::source_dir();
    std::string text = test::read_file(root / "CMakeLists.txt");
    for (const char* const folder : {"lib", "cmd", "tests"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            if (entry.path().filename() == "CMakeLists.txt") {
                text += test::read_file(entry.path());
            }
        }
    }
    return text;
}

/// The names in a line that is not run: files of the tree, presets, targets and settings of CMake, options of r8scan.
void check_names(const std::string& line)
{
    const fs::path root = test::source_dir();
    const auto words = words_for_r8scan(line);
    CHECK((words.empty() || refusal_of(words).empty()));
    static const std::regex file("(examples|tests|lib|cmd)/[A-Za-z0-9_./-]+");
    for (auto at = std::sregex_iterator(line.begin(), line.end(), file); at != std::sregex_iterator(); ++at) {
        CHECK_MESSAGE(fs::exists(root / at->str()), at->str());
    }
    if (!line.starts_with("cmake ")) {
        return;
    }
    const std::string cmake = all_of_cmake();
    const std::string presets = test::read_file(root / "CMakePresets.json");
    for (const std::string& name : words_behind(line, "--preset ")) {
        CHECK_MESSAGE(presets.find("\"name\": \"" + name + "\"") != std::string::npos, name);
    }
    for (const std::string& name : words_behind(line, "--target ")) {
        const bool known = name == "package" || cmake.find("add_custom_target(" + name) != std::string::npos ||
                           cmake.find("add_executable(" + name) != std::string::npos;
        CHECK_MESSAGE(known, name);
    }
    for (const std::string& name : words_behind(line, " -D")) {
        const bool known =
            cmake.find("option(" + name) != std::string::npos || cmake.find("set(" + name) != std::string::npos;
        CHECK_MESSAGE(known, name);
    }
}

std::vector<std::string> lines_of_shell()
{
    std::vector<std::string> lines;
    for (const test::CodeBlock& block : test::read_page(readme()).blocks) {
        if (block.language == "sh") {
            lines.insert(lines.end(), block.lines.begin(), block.lines.end());
        }
    }
    return lines;
}

test::CodeBlock block_with(const std::string& part)
{
    const auto blocks = test::read_page(readme()).blocks;
    const auto found = std::find_if(blocks.begin(), blocks.end(),
                                    [&](const auto& block) { return block.text.find(part) != std::string::npos; });
    REQUIRE_MESSAGE(found != blocks.end(), part);
    return *found;
}

}  // namespace

TEST_CASE("README: each line of its shell examples does what it says, or is on the list of those that cannot be run")
{
    if (!test::have_git()) {
        MESSAGE("skipped: there is no git");
        return;
    }
    const Home home;
    const bool have_jq = home.run("command -v jq").exit_code == 0;
    const std::string head = home.run("git rev-parse HEAD").out.substr(0, 40);
    const std::string zeros(40, '0');
    // What a line needs beside the home, by a part of it.
    const std::vector<std::pair<std::string, std::string>> needs{
        {"r8scan push", "echo refs/heads/main " + head + " refs/heads/main " + zeros + " >lines"},
        {"r8scan receive", "echo " + zeros + " " + head + " refs/heads/main >lines"},
        {"r8scan ci", "export GITHUB_ACTIONS=true GITHUB_EVENT_NAME=schedule"},
        {"r8scan outbox deliver", "export R8SCAN_CONFIG=../waiting.toml R8SCAN_DELIVER_TIMEOUT=1"},
        {"r8scan outbox retry", "export R8SCAN_CONFIG=../waiting.toml R8SCAN_DELIVER_TIMEOUT=1"},
    };
    // Exit codes other than 0 and 1.
    const std::vector<std::pair<std::string, int>> codes{
        {"--revoke   # asks, then sends", 2},  // there is no terminal here to ask on
        {"r8scan outbox deliver", 4},          // to an endpoint that is broken
        {"r8scan outbox retry", 4},
    };
    std::string waiting;
    std::size_t ran_lines = 0;
    for (std::string line : lines_of_shell()) {
        INFO(line);
        if (!beginning_of(line, not_run).empty()) {
            check_names(line);
            continue;
        }
        if (line.find("| jq ") != std::string::npos && !have_jq) {
            MESSAGE("skipped: there is no jq");
            continue;
        }
        if (line.find("r8scan outbox") != std::string::npos && waiting.empty()) {
            waiting = home.waiting_event();
        }
        line = replaced(line, " ID ", " " + waiting + " ");
        std::string before;
        for (const auto& [part, need] : needs) {
            before += line.find(part) != std::string::npos ? need + "\n" : "";
        }
        const Ran ran = home.run(line, before);
        const auto code = std::find_if(codes.begin(), codes.end(),
                                       [&](const auto& known) { return line.find(known.first) != std::string::npos; });
        if (code != codes.end()) {
            CHECK_MESSAGE(ran.exit_code == code->second, ran.out, ran.err);
        } else {
            CHECK_MESSAGE((ran.exit_code == 0 || ran.exit_code == 1), ran.exit_code, ran.out, ran.err);
        }
        ++ran_lines;
    }
    CHECK(ran_lines >= 25);
    // Those with a receiver did reach it.
    std::set<std::string> asked;
    for (const auto& request : home.server.requests()) {
        asked.insert(request.path);
    }
    CHECK(asked.contains("/v1/account"));
    CHECK(asked.contains("/r8"));
    CHECK(asked.contains("/disable"));
}

TEST_CASE("README: each example of a format writes such a report")
{
    if (!test::have_git()) {
        MESSAGE("skipped: there is no git");
        return;
    }
    const Home home;
    static const std::regex to_file("-f [a-z-]+=([^ ]+)");
    std::size_t seen = 0;
    for (const test::CodeSpan& span : test::read_page(readme()).spans) {
        if (span.heading != "Formats" || !span.text.starts_with("r8scan git")) {
            continue;
        }
        INFO(span.text);
        const Ran ran = home.run(span.text);
        CHECK_MESSAGE(ran.exit_code == 1, ran.err);
        std::smatch match;
        if (std::regex_search(span.text, match, to_file)) {
            CHECK(fs::file_size(home.app() / match[1].str()) > 0);
        } else {
            CHECK(!ran.out.empty());
        }
        ++seen;
    }
    CHECK(seen >= 10);
}

TEST_CASE("README: each command in its text is one that r8scan takes")
{
    std::size_t seen = 0;
    for (const test::CodeSpan& span : test::read_page(readme()).spans) {
        INFO(span.text);
        if (!beginning_of(span.text, not_run).empty()) {
            check_names(span.text);
        }
        if (!span.text.starts_with("r8scan ")) {
            continue;
        }
        CHECK(refusal_of(words_for_r8scan(span.text)) == "");
        ++seen;
    }
    CHECK(seen >= 20);
    CHECK(refusal_of(words_for_r8scan("x | r8scan git --no-such-option # y")) != "");
}

TEST_CASE("README: the table of options has every option and no other")
{
    const std::string text = readme();
    const std::size_t begin = text.find("\n## Options");
    REQUIRE(begin != std::string::npos);
    const std::string section = text.substr(begin, text.find("\n## ", begin + 1) - begin);
    static const std::regex option("--([a-z][a-z-]*)");
    std::set<std::string> told;
    for (auto at = std::sregex_iterator(section.begin(), section.end(), option); at != std::sregex_iterator(); ++at) {
        told.insert((*at)[1].str());
    }
    std::set<std::string> known;
    for (const auto& spec : cmd::option_table()) {
        known.insert(std::string(spec.name));
        CHECK_MESSAGE(told.contains(std::string(spec.name)), spec.name);
    }
    for (const std::string& name : told) {
        CHECK_MESSAGE(known.contains(name), name);
    }
}

TEST_CASE("README: its configurations and lists of what may stay are read without a complaint")
{
    if (!test::have_git()) {
        MESSAGE("skipped: there is no git");
        return;
    }
    const Home home;
    std::size_t seen = 0;
    for (const test::CodeBlock& block : test::read_page(readme()).blocks) {
        INFO(block.text);
        if (block.language == "toml" && block.text.find("[[ignore]]") != std::string::npos) {
            test::write_file(home.app() / ".r8scan.toml", block.text);
        } else if (block.text.starts_with("# .r8scanignore")) {
            test::write_file(home.app() / ".r8scanignore", block.text);
        } else if (block.language == "toml") {
            // A whole id stands where the README cuts one.
            static const std::regex cut("\"([0-9a-f]{4,39})…\"");
            test::write_file(home.app() / "config.toml",
                             std::regex_replace(block.text, cut, "\"" + std::string(40, 'a') + "\""));
            const Ran ran =
                home.run("r8scan config show --config config.toml && r8scan callback list --config config.toml",
                         "export R8SCAN_WEBHOOK_SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");  // r8scan:allow the public test vector
            CHECK_MESSAGE(ran.exit_code == 0, ran.out, ran.err);
        } else {
            const bool known = block.language == "sh" || block.language == "console" || block.language == "python" ||
                               block.text.starts_with("min-confidence");
            CHECK_MESSAGE(known, "no test knows what to do with this block");
            continue;
        }
        ++seen;
    }
    CHECK(seen >= 3);
    const Ran ran = home.run("git add .r8scan.toml .r8scanignore && git commit -q -m Ignore && r8scan git -v");
    CHECK(ran.exit_code == 1);
    for (const char* const complaint : {"line ", "unknown", "cannot", "not a", "is no "}) {
        CHECK_MESSAGE(ran.err.find(complaint) == std::string::npos, ran.err);
    }
}

TEST_CASE("README: the mark that it shows lets a token stay")
{
    if (!test::have_git()) {
        MESSAGE("skipped: there is no git");
        return;
    }
    const Home home;
    const std::string marked = replaced(block_with("TOKEN = ").text, "r8_…", token(6));
    test::write_file(home.app() / "marked.py", marked);
    const Ran ran = home.run("git add marked.py && r8scan staged -f jsonl");
    CHECK(ran.out.find("\"path\":\"marked.py\"") == std::string::npos);
    CHECK(ran.out.find("\"suppressed\":1") != std::string::npos);
}

TEST_CASE("README: the report that it shows has the lines that a report has")
{
    if (!test::have_git()) {
        MESSAGE("skipped: there is no git");
        return;
    }
    const Home home;
    const Ran ran = home.run(
        "git tag v1.0 && git rm -q -f settings.py && git commit -q -m 'Read it from the environment' && "
        "git remote set-url origin https://github.com/example/app.git && r8scan git --color never");
    CHECK_MESSAGE(ran.exit_code == 1, ran.err);
    static const std::regex label("\n *([A-Za-z][a-z]*( in)?)  +[^ \n]");
    const auto labels_of = [](const std::string& text) {
        std::set<std::string> labels;
        for (auto at = std::sregex_iterator(text.begin(), text.end(), label); at != std::sregex_iterator(); ++at) {
            labels.insert((*at)[1].str());
        }
        return labels;
    };
    const auto shown = labels_of(block_with("$ r8scan git ~/src/app").text);
    const auto real = labels_of(ran.out);
    CHECK(shown.size() >= 8);
    for (const std::string& name : shown) {
        CHECK_MESSAGE(real.contains(name), name, ran.out);
    }
}
