// The samples for each CI, run: the shell of their steps, one after the other, in a clone of a branch that brings a
// token, with the variables that the CI sets. r8scan's source is a repository whose build only brings the program that
// the tests have; /tmp and the place of the program are folders of the test. Everything else is as in the sample.
#include "tests/support/built_here.h"
#include "tests/support/git_command.h"
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <functional>
#include <map>
#include <regex>

namespace fs = std::filesystem;

using namespace r8scan;
using test::Ran;

namespace {

using Variables = std::map<std::string, std::string>;

fs::path root()
{
    return test::source_dir();
}

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

void play(const fs::path& file, const std::string& script)
{
    test::write_file(file, "#!/bin/sh\n" + script + "\n");
    fs::permissions(file, fs::perms::owner_all);
}

std::string lines_of(const YAML::Node& list)
{
    std::string text;
    for (const auto& line : list) {
        text += line.as<std::string>() + '\n';
    }
    return text;
}

/// The shell of a sample's steps, in their order.
std::string shell_of(const std::string& sample)
{
    const fs::path file = root() / "examples/ci" / sample;
    if (sample == "Jenkinsfile") {
        const std::string text = test::read_file(file);
        const std::string stages = text.substr(0, text.find("post {"));
        static const std::regex step("\n *sh '([^\n]*)'");
        std::string shell;
        for (auto at = std::sregex_iterator(stages.begin(), stages.end(), step); at != std::sregex_iterator(); ++at) {
            shell += (*at)[1].str() + '\n';
        }
        return shell;
    }
    const YAML::Node yaml = YAML::LoadFile(file.string());
    if (sample == "gitlab.yml") {
        return lines_of(yaml["r8scan"]["before_script"]) + lines_of(yaml["r8scan"]["script"]);
    }
    if (sample == "bitbucket-pipelines.yml") {
        return lines_of(yaml["pipelines"]["pull-requests"]["**"][0]["step"]["script"]);
    }
    if (sample == "buildkite.yml") {
        return replaced(lines_of(yaml["steps"][0]["commands"]), "$$", "$");
    }
    if (sample == "drone.yml") {
        return lines_of(yaml["steps"][0]["commands"]);
    }
    std::string shell;
    for (const auto& step : sample == "circleci.yml" ? yaml["jobs"]["r8scan"]["steps"] : yaml["steps"]) {
        if (step["run"].IsDefined() || step["script"].IsDefined()) {
            shell += (step["run"].IsDefined() ? step["run"]["command"] : step["script"]).as<std::string>() + '\n';
        }
    }
    return shell;
}

/// The steps of the action, which the sample for GitHub uses, with its inputs as they are by default.
std::string shell_of_action()
{
    const YAML::Node action = YAML::LoadFile((root() / "action.yml").string());
    std::string shell = "export ARGUMENTS=" + action["inputs"]["arguments"]["default"].as<std::string>() + '\n';
    for (const auto& step : action["runs"]["steps"]) {
        if (step["run"].IsDefined()) {
            shell += "(\n" + step["run"].as<std::string>() + "\n)\n";
        }
    }
    return shell;
}

/// A server with a branch `side` that brings a token to `main`, a clone of it as a CI makes it, and r8scan's source.
class Pipeline {
public:
    Pipeline()
    {
        git(".", {"init", "-q", "-b", "main", "near"});
        base = commit("fine", "1\n");
        git("near", {"checkout", "-q", "-b", "side"});
        tip = commit("leak", "k=" + test::token(1) + "\n");
        git(".", {"clone", "-q", "--bare", "near", "far"});
        git(".", {"clone", "-q", "file://" + (folder / "far").string(), "work"});
        git("work", {"checkout", "-q", "--detach", "origin/side"});

        git(".", {"init", "-q", "-b", "main", "source"});
        for (const char* const name : {"CMakeLists.txt", "CMakePresets.json", "examples/install.sh", "action.yml"}) {
            fs::create_directories((folder / "source" / name).parent_path());
            fs::copy_file(root() / name, folder / "source" / name);
        }
        for (const char* const name : {"cmd/a", "lib/a", "patterns/a"}) {
            test::write_file(folder / "source" / name, "");
        }
        test::write_file(folder / "source/examples/install-dependencies.sh", "");
        test::write_file(
            folder / "source/examples/build-preset.sh",
            "cd \"$(dirname \"$0\")/..\" && mkdir -p build/release && ln -s \"$R8SCAN\" build/release/r8scan\n");
        git("source", {"add", "-A"});
        git("source", {"commit", "-q", "-m", "Source"});
        fs::create_directories(folder / "tmp");
        play(folder / "bin/apt-get", "exit 0");
    }

    /// Each step ends the pipeline where it fails, as in every CI.
    Ran run(std::string shell, const Variables& variables) const
    {
        const std::string tmp = (folder / "tmp").string();
        shell = replaced(std::move(shell), "/tmp/", tmp + "/");
        static const std::regex to_usual_place("(examples/install\\.sh)\n");
        shell = std::regex_replace(shell, to_usual_place, "$1 " + tmp + "/bin\n");
        std::string before =
            "for name in GITHUB_ACTIONS GITLAB_CI BITBUCKET_BUILD_NUMBER TF_BUILD CIRCLECI BUILDKITE DRONE JENKINS_URL "
            "GIT_DIR GITHUB_STEP_SUMMARY; do unset $name; done\n";
        before += fmt::format(
            "export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null R8SCAN_SOURCE='file://{0}/source' "
            "PATH=\"{0}/bin:{1}/bin:$PATH\" WORKSPACE_TMP={1} AGENT_TEMPDIRECTORY={1} RUNNER_TEMP={1} "
            "GITHUB_ACTION_PATH={0}/source GITHUB_OUTPUT={1}/output\n",
            folder.path().string(), tmp);
        for (const auto& [name, value] : variables) {
            before += fmt::format("export {}='{}'\n", name, value);
        }
        test::write_file(folder / "steps", before + "set -e\n" + shell);
        return test::run_shell(folder / "work", "export R8SCAN; bash ../steps");
    }

    test::TempDir folder;
    std::string base;
    std::string tip;

private:
    void git(const std::string& where, const std::vector<std::string>& words) const
    {
        (void)test::git_ok(folder / where, words);
    }
    std::string commit(const std::string& name, const std::string& text) const
    {
        test::write_file(folder / "near" / name, text);
        git("near", {"add", "-A"});
        git("near", {"commit", "-q", "-m", name});
        return test::git_ok(folder / "near", {"rev-parse", "HEAD"}).substr(0, 40);
    }
};

void check_stopped(const Ran& ran)
{
    CHECK_MESSAGE(ran.exit_code == 1, ran.out, ran.err);
    CHECK_MESSAGE((ran.out + ran.err).find("leak") != std::string::npos, ran.out, ran.err);
    CHECK((ran.out + ran.err).find(test::token(1)) == std::string::npos);
    CHECK((ran.out + ran.err).find("fine:1") == std::string::npos);
}

bool can_run()
{
    const test::TempDir folder;
    const bool can = test::have_git() && test::run_shell(folder.path(), "bash --version").exit_code == 0;
    if (!can) {
        MESSAGE("skipped: there is no git or no bash");
    }
    return can;
}

}  // namespace

TEST_CASE("samples: the steps of each CI's sample build r8scan and stop a branch that brings a token")
{
    if (!can_run()) {
        return;
    }
    const std::map<std::string, std::function<Variables(const Pipeline&)>> samples{
        {"gitlab.yml",
         [](const Pipeline& p) {
             return Variables{{"GITLAB_CI", "true"},         {"CI_PIPELINE_SOURCE", "merge_request_event"},
                              {"CI_COMMIT_SHA", p.tip},      {"CI_MERGE_REQUEST_DIFF_BASE_SHA", p.base},
                              {"CI_MERGE_REQUEST_IID", "9"}, {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"}};
         }},
        {"bitbucket-pipelines.yml",
         [](const Pipeline& p) {
             return Variables{{"BITBUCKET_BUILD_NUMBER", "1"},
                              {"BITBUCKET_COMMIT", p.tip},
                              {"BITBUCKET_PR_ID", "4"},
                              {"BITBUCKET_BRANCH", "side"},
                              {"BITBUCKET_PR_DESTINATION_COMMIT", p.base},
                              {"BITBUCKET_PR_DESTINATION_BRANCH", "main"}};
         }},
        {"azure-pipelines.yml",
         [](const Pipeline& p) {
             return Variables{{"TF_BUILD", "True"},
                              {"BUILD_REASON", "PullRequest"},
                              {"BUILD_SOURCEVERSION", p.tip},
                              {"SYSTEM_PULLREQUEST_SOURCECOMMITID", p.tip},
                              {"SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"}};
         }},
        {"Jenkinsfile",
         [](const Pipeline& p) {
             return Variables{{"JENKINS_URL", "https://ci.example/"},
                              {"GIT_COMMIT", p.tip},
                              {"CHANGE_TARGET", "main"},
                              {"CHANGE_ID", "2"}};
         }},
        {"circleci.yml",
         [](const Pipeline& p) {
             return Variables{{"CIRCLECI", "true"}, {"CIRCLE_SHA1", p.tip}, {"CIRCLE_BRANCH", "side"}};
         }},
        {"buildkite.yml",
         [](const Pipeline& p) {
             return Variables{{"BUILDKITE", "true"},
                              {"BUILDKITE_JOB_ID", "17"},
                              {"BUILDKITE_COMMIT", p.tip},
                              {"BUILDKITE_BRANCH", "side"},
                              {"BUILDKITE_PULL_REQUEST", "false"},
                              {"BUILDKITE_PIPELINE_DEFAULT_BRANCH", "main"}};
         }},
        {"drone.yml",
         [](const Pipeline& p) {
             return Variables{{"DRONE", "true"},
                              {"DRONE_BUILD_EVENT", "push"},
                              {"DRONE_COMMIT_BEFORE", p.base},
                              {"DRONE_COMMIT_AFTER", p.tip},
                              {"DRONE_COMMIT_BRANCH", "side"},
                              {"DRONE_REPO_BRANCH", "main"}};
         }},
    };
    for (const auto& entry : fs::directory_iterator(root() / "examples/ci")) {
        const std::string name = entry.path().filename().string();
        INFO(name);
        if (name == "github.yml") {
            continue;  // it has no shell of its own: the next test runs its action
        }
        REQUIRE(samples.contains(name));
        const Pipeline pipeline;
        check_stopped(pipeline.run(shell_of(name), samples.at(name)(pipeline)));
        if (name == "gitlab.yml" || name == "Jenkinsfile") {
            const char* const report = name == "gitlab.yml" ? "gl-secret-detection-report.json" : "r8scan.xml";
            CHECK(test::read_file(pipeline.folder / "work" / report).find("leak") != std::string::npos);
        }
    }
}

TEST_CASE("samples: the steps of the action build r8scan and mark the token that a pull request brings")
{
    if (!can_run()) {
        return;
    }
    const Pipeline pipeline;
    test::write_file(
        pipeline.folder / "event.json",
        fmt::format(R"({{"number":7,"pull_request":{{"base":{{"sha":"{}","ref":"main"}},"head":{{"sha":"{}"}}}}}})",
                    pipeline.base, pipeline.tip));
    const Ran ran = pipeline.run(shell_of_action(), {{"GITHUB_ACTIONS", "true"},
                                                     {"GITHUB_EVENT_NAME", "pull_request"},
                                                     {"GITHUB_EVENT_PATH", (pipeline.folder / "event.json").string()},
                                                     {"GITHUB_BASE_REF", "main"},
                                                     {"GITHUB_SHA", pipeline.tip}});
    check_stopped(ran);
    CHECK(ran.out.find("::error file=leak,line=1") != std::string::npos);
    CHECK(test::read_file(pipeline.folder / "tmp/output").starts_with("key=r8scan-"));
}
