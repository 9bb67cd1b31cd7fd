// The files that others copy: the manifest for pre-commit, the action, and the samples for each CI. Each is parsed, and
// each command line of r8scan in them must be one that r8scan takes.
#include "cmd/command_line.h"
#include "cmd/plan.h"
#include "tests/support/built_here.h"
#include "tests/support/git_command.h"
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace fs = std::filesystem;
using namespace r8scan;

namespace {

fs::path root()
{
    return test::source_dir();
}

/// Every text in a YAML document.
std::vector<std::string> texts_of(const YAML::Node& top)
{
    std::vector<std::string> texts;
    std::vector<YAML::Node> left{top};
    while (!left.empty()) {
        const YAML::Node node = left.back();
        left.pop_back();
        if (node.IsScalar()) {
            texts.push_back(node.Scalar());
        }
        for (const auto& child : node) {
            left.push_back(node.IsMap() ? child.second : YAML::Node(child));
        }
    }
    return texts;
}

/// The words behind each call of r8scan in a piece of shell.
std::vector<std::vector<std::string>> calls_in(const std::string& text)
{
    static const std::regex call(R"re((?:^|[\s"'/;&|])r8scan"? +([a-z][^|;&\n']*))re");
    std::vector<std::vector<std::string>> calls;
    for (auto at = std::sregex_iterator(text.begin(), text.end(), call); at != std::sregex_iterator(); ++at) {
        std::vector<std::string> words;
        std::istringstream stream((*at)[1].str());
        for (std::string word; stream >> word;) {
            words.push_back(word);
        }
        calls.push_back(words);
    }
    return calls;
}

std::string refusal_of(const std::vector<std::string>& words)
{
    const auto typed = cmd::parse_command_line(words);
    if (!typed) {
        return typed.error().message();
    }
    if (typed->command == "ci") {
        const auto plan = cmd::plan_ci(*typed);
        return plan ? "" : plan.error().message();
    }
    if (typed->command == "staged") {
        const auto plan = cmd::plan_staged(*typed);
        return plan ? "" : plan.error().message();
    }
    return "not a command that a sample is known to use";
}

}  // namespace

TEST_CASE("samples: the manifest for pre-commit has both hooks, which are given no file names")
{
    const YAML::Node manifest = YAML::LoadFile((root() / ".pre-commit-hooks.yaml").string());
    REQUIRE(manifest.IsSequence());
    std::map<std::string, std::string> language_of;
    for (const auto& hook : manifest) {
        language_of[hook["id"].as<std::string>()] = hook["language"].as<std::string>();
        CHECK(hook["entry"].as<std::string>() == "r8scan staged");
        CHECK_FALSE(hook["pass_filenames"].as<bool>());
        CHECK(hook["always_run"].as<bool>());
        CHECK(!hook["name"].as<std::string>().empty());
        CHECK(!hook["description"].as<std::string>().empty());
        CHECK(!hook["stages"].IsDefined());  // their names differ between versions of pre-commit
    }
    CHECK(language_of ==
          std::map<std::string, std::string>{{"r8scan-docker", "docker_image"}, {"r8scan-system", "system"}});
}

TEST_CASE("samples: the real pre-commit takes the manifest, and stops a commit with a token")
{
    const test::TempDir folder;
    if (test::run_shell(folder.path(), "pre-commit --version").exit_code != 0 || !test::have_git()) {
        MESSAGE("no pre-commit here");
        return;
    }
    const auto sh = [&](const std::string& line) {
        return test::run_shell(
            folder.path(),
            "export HOME=\"$PWD\" PRE_COMMIT_HOME=\"$PWD/store\" GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@b.c "
            "GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@b.c PATH=\"$PWD/bin:$PATH\"; " +
                line);
    };
    fs::create_directories(folder / "manifest");
    fs::copy_file(root() / ".pre-commit-hooks.yaml", folder / "manifest/.pre-commit-hooks.yaml");
    CHECK(sh("pre-commit validate-manifest manifest/.pre-commit-hooks.yaml").exit_code == 0);
    REQUIRE(sh("mkdir bin && ln -s \"$R8SCAN\" bin/r8scan && cd manifest && git init -q && git add -A && git commit -q "
               "-m m")
                .exit_code == 0);
    test::write_file(folder / "repo/.pre-commit-config.yaml", "repos:\n- repo: " + (folder / "manifest").string() +
                                                                  "\n  rev: HEAD\n  hooks:\n  - id: r8scan-system\n");
    test::write_file(folder / "repo/fine", "1\n");
    REQUIRE(sh("cd repo && git init -q && git add -A && pre-commit install && git commit -q -m fine").exit_code == 0);
    test::write_file(folder / "repo/leak", "k=" + test::token(1) + "\n");
    const auto stopped = sh("cd repo && git add leak && git commit -q -m leak");
    CHECK(stopped.exit_code != 0);
    CHECK((stopped.out + stopped.err).find("leak:1:3") != std::string::npos);
    CHECK((stopped.out + stopped.err).find(test::token(1)) == std::string::npos);
    // `git commit -a` makes an index of its own.
    const auto own_index = sh("cd repo && git rm -q --cached leak && cp leak fine && git commit -q -a -m leak");
    CHECK(own_index.exit_code != 0);
    CHECK((own_index.out + own_index.err).find("fine:1:3") != std::string::npos);
}

TEST_CASE("samples: the action is a composite one whose inputs reach the shell by the environment alone")
{
    const YAML::Node action = YAML::LoadFile((root() / "action.yml").string());
    CHECK(action["runs"]["using"].as<std::string>() == "composite");
    CHECK(action["inputs"]["arguments"]["default"].as<std::string>() == "ci");
    std::size_t scripts = 0;
    for (const auto& step : action["runs"]["steps"]) {
        if (!step["run"].IsDefined()) {
            continue;
        }
        ++scripts;
        const auto script = step["run"].as<std::string>();
        CHECK(step["shell"].as<std::string>() == "bash");
        CHECK(script.find("${{") == std::string::npos);
        const test::TempDir folder;
        test::write_file(folder / "script", script);
        CHECK(test::run_shell(folder.path(), "sh -n script").exit_code == 0);
    }
    CHECK(scripts >= 3);
    CHECK(refusal_of({action["inputs"]["arguments"]["default"].as<std::string>()}).empty());
}

TEST_CASE("samples: each CI's sample is sound, scans the pipeline's change, and fetches all of history")
{
    const std::map<std::string, std::string> fetches_all{{"github.yml", "fetch-depth"},
                                                         {"gitlab.yml", "GIT_DEPTH"},
                                                         {"bitbucket-pipelines.yml", "depth: full"},
                                                         {"azure-pipelines.yml", "fetchDepth"},
                                                         {"circleci.yml", "method: full"},
                                                         {"buildkite.yml", "git fetch"},
                                                         {"drone.yml", "depth: 0"},
                                                         {"Jenkinsfile", "shallow"}};
    std::size_t seen = 0;
    for (const auto& entry : fs::directory_iterator(root() / "examples/ci")) {
        const std::string name = entry.path().filename().string();
        INFO(name);
        const std::string text = test::read_file(entry.path());
        REQUIRE(fetches_all.contains(name));
        CHECK(text.find(fetches_all.at(name)) != std::string::npos);
        ++seen;
        std::vector<std::string> pieces{text};
        if (name != "Jenkinsfile") {
            const YAML::Node sample = YAML::LoadFile(entry.path().string());
            REQUIRE(sample.IsMap());
            pieces = texts_of(sample);
        } else {
            // Groovy; what is checked here is that its brackets close.
            CHECK(std::count(text.begin(), text.end(), '{') == std::count(text.begin(), text.end(), '}'));
            pieces = {std::regex_replace(text, std::regex("(^|\n)//[^\n]*"), "")};
        }
        std::set<std::vector<std::string>> distinct;  // an alias of YAML repeats what it stands for
        for (const std::string& piece : pieces) {
            for (const auto& words : calls_in(piece)) {
                distinct.insert(words);
                CHECK(words.front() == "ci");
                CHECK(refusal_of(words) == "");
            }
        }
        CHECK(distinct.size() +
                  (text.find("uses: ./.r8scan\n        with:\n          arguments: ci\n") != std::string::npos ? 1U
                                                                                                               : 0U) ==
              1);
    }
    CHECK(seen == fetches_all.size());
}

TEST_CASE("samples: install.sh puts the program that was built into the folder, and says where that is not in PATH")
{
    const test::TempDir folder;
    fs::create_directories(folder / "source/examples");
    fs::copy_file(root() / "examples/install.sh", folder / "source/examples/install.sh");
    test::write_file(folder / "source/examples/install-dependencies.sh", "echo dependencies >>steps\n");
    test::write_file(folder / "source/examples/build-preset.sh", "echo \"build $*\" >>steps\n");
    test::write_file(folder / "source/build/release/r8scan", "built");
    const auto ran = test::run_shell(folder.path(), "sh source/examples/install.sh \"$PWD/to/bin\"");
    CHECK(ran.exit_code == 0);
    CHECK(test::read_file(folder / "to/bin/r8scan") == "built");
    CHECK(test::read_file(folder / "steps") == "dependencies\nbuild release r8scan\n");
    CHECK(ran.err.find("not in PATH") != std::string::npos);
    CHECK(test::run_shell(folder.path(), "PATH=\"$PWD/bin:$PATH\" sh source/examples/install.sh \"$PWD/bin\"")
              .err.find("not in PATH") == std::string::npos);
    test::write_file(folder / "source/examples/build-preset.sh", "exit 1\n");
    CHECK(test::run_shell(folder.path(), "sh source/examples/install.sh \"$PWD/other\"").exit_code != 0);
    CHECK(!fs::exists(folder / "other"));
}

TEST_CASE("samples: the image holds the static program alone, and has the name that the hook for pre-commit runs")
{
    const test::TempDir folder;
    fs::create_directories(folder / "source/examples");
    fs::copy_file(root() / "examples/build-static.sh", folder / "source/examples/build-static.sh");
    test::write_file(folder / "source/examples/install-dependencies.sh", "echo dependencies >>steps\n");
    test::write_file(folder / "source/examples/build-preset.sh", "echo \"build $*\" >>steps\n");
    const auto ran = test::run_shell(folder.path(), "sh source/examples/build-static.sh");
    CHECK(ran.exit_code == 0);
    CHECK(test::read_file(folder / "steps") == "dependencies\nbuild release r8scan_static\n");
    const std::string built = "build/release/static/r8scan";
    CHECK(ran.err.find(built) != std::string::npos);

    const auto recipe = test::read_file(root() / "examples/docker/Dockerfile");
    CHECK(recipe.find("sh /r8scan/examples/build-static.sh") != std::string::npos);
    const auto last_stage = recipe.substr(recipe.rfind("\nFROM ") + 1);
    CHECK(last_stage == "FROM scratch\nCOPY --from=build /r8scan/" + built + " /r8scan\nENTRYPOINT [\"/r8scan\"]\n");
    const std::string command = "docker build --tag=r8scan -f examples/docker/Dockerfile .";
    CHECK(recipe.find(command) != std::string::npos);
    CHECK(test::read_file(root() / "README.md").find(command) != std::string::npos);
}

TEST_CASE("samples: a command line that r8scan does not take would be seen")
{
    CHECK(calls_in("x && /tmp/bin/r8scan ci -f text").size() == 1);
    CHECK(calls_in("sh '\"$A/bin/r8scan\" ci --range a..b'").front() ==
          std::vector<std::string>{"ci", "--range", "a..b"});
    CHECK(calls_in("git clone r8scan-source /tmp/r8scan").empty());
    CHECK(!refusal_of({"ci", "--no-such-option"}).empty());
    CHECK(!refusal_of({"ci", "-f", "sausage"}).empty());
}
