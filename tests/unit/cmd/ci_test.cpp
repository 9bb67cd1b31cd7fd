// `r8scan ci` under recorded environments, with made-up values, and in clones built to match them.
#include "cmd/ci_environment.h"
#include "tests/support/git_command.h"
#include "tests/support/program.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <map>

namespace fs = std::filesystem;
using namespace r8scan;
using namespace r8scan::cmd;

namespace {

using Variables = std::map<std::string, std::string>;

Result<CiChange> change_of(const Variables& variables, std::string_view event = {})
{
    return find_ci_change(
        [&](const char* name) {
            const auto at = variables.find(name);
            return at == variables.end() ? nullptr : at->second.c_str();
        },
        event);
}

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

const std::string zeros(40, '0');

/// A server "far" and a person's clone "near" of it: two commits on main, the second one with token 1, then a branch
/// `side` with two commits, of which the first one has token 2.
class Story {
public:
    Story()
    {
        test::git_ok(folder.path(), {"init", "-q", "-b", "main", "near"});
        start = commit("a", "1\n");
        leak = commit("old", "k=" + test::token(1) + "\n");
        git({"checkout", "-q", "-b", "side"});
        side_leak = commit("new", "k=" + test::token(2) + "\n");
        side_tip = commit("b", "2\n");
        git({"checkout", "-q", "main"});
        main_tip = commit("c", "3\n");
        test::git_ok(folder.path(), {"init", "-q", "--bare", "-b", "main", "far"});
        git({"push", "-q", "../far", "main", "side"});
    }
    std::string commit(const std::string& name, const std::string& text)
    {
        test::write_file(folder / "near" / name, text);
        git({"add", "-A"});
        git({"commit", "-q", "-m", name});
        std::string id = git({"rev-parse", "HEAD"});
        id.pop_back();
        return id;
    }
    std::string git(const std::vector<std::string>& words) const { return test::git_ok(folder / "near", words); }

    /// A clone as a CI makes it, in a folder "work".
    void clone(const std::vector<std::string>& options, const std::string& at) const
    {
        fs::remove_all(folder / "work");
        std::vector<std::string> words{"clone", "-q"};
        words.insert(words.end(), options.begin(), options.end());
        words.push_back("file://" + (folder / "far").string());
        words.emplace_back("work");
        test::git_ok(folder.path(), words);
        test::git_ok(folder / "work", {"checkout", "-q", "--detach", at});
    }

    /// Runs `r8scan ci` in the clone with these variables and no other of any CI.
    [[nodiscard]] test::Ran ci(const Variables& variables, const std::string& event = {},
                               const std::string& options = "-f text") const
    {
        std::string line =
            "for name in GITHUB_ACTIONS GITLAB_CI BITBUCKET_BUILD_NUMBER TF_BUILD CIRCLECI BUILDKITE DRONE "
            "JENKINS_URL GIT_DIR; do unset $name; done; ";
        if (!event.empty()) {
            test::write_file(folder / "event.json", event);
            line += fmt::format("export GITHUB_EVENT_PATH='{}'; ", (folder / "event.json").string());
        }
        for (const auto& [name, value] : variables) {
            line += fmt::format("export {}='{}'; ", name, value);
        }
        return test::run_shell(folder / "work", line + "\"$R8SCAN\" ci --color never " + options);
    }

    test::TempDir folder;
    std::string start, leak, side_leak, side_tip, main_tip;
};

Variables github(const std::string& event, const std::string& sha)
{
    return {{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", event}, {"GITHUB_SHA", sha}};
}

std::string push_event(const std::string& before, const std::string& after, const std::string& branch)
{
    return fmt::format(R"({{"ref":"refs/heads/{}","before":"{}","after":"{}","deleted":false,)"
                       R"("repository":{{"default_branch":"main"}}}})",
                       branch, before, after);
}

std::string request_event(const std::string& base, const std::string& head)
{
    return fmt::format(R"({{"number":7,"pull_request":{{"base":{{"sha":"{}","ref":"main"}},"head":{{"sha":"{}"}}}}}})",
                       base, head);
}

}  // namespace

TEST_CASE("ci: each provider says which change a pipeline runs for")
{
    const auto pull = change_of({{"GITHUB_ACTIONS", "true"},
                                 {"GITHUB_EVENT_NAME", "pull_request"},
                                 {"GITHUB_BASE_REF", "main"},
                                 {"GITHUB_SHA", "m"}},
                                request_event("b", "h"))
                          .value();
    CHECK(pull.base == "b");
    CHECK(pull.tip == "h");
    CHECK(pull.base_branch == "main");
    CHECK(pull.what == "pull request 7 into main");
    const auto group = change_of(github("merge_group", "m"),
                                 R"({"merge_group":{"base_sha":"b","head_sha":"h","base_ref":"refs/heads/main"}})")
                           .value();
    CHECK(group.base == "b");
    CHECK(group.tip == "h");
    const auto push = change_of(github("push", "a"), push_event("b", "a", "x")).value();
    CHECK(push.base == "b");
    CHECK(push.branch == "x");
    CHECK(change_of(github("push", "a"), push_event(zeros, "a", "x")).value().base.empty());
    CHECK(change_of(github("push", zeros), push_event("b", zeros, "x")).value().nothing);
    CHECK(change_of(github("schedule", "a"), "{}").value().whole);
    CHECK(change_of(github("workflow_dispatch", "a"), "{}").value().whole);
    CHECK(contains(change_of(github("push", "a"), "not json").error().message(), "--range"));

    const auto merge = change_of({{"GITLAB_CI", "true"},
                                  {"CI_PIPELINE_SOURCE", "merge_request_event"},
                                  {"CI_COMMIT_SHA", "m"},
                                  {"CI_COMMIT_BEFORE_SHA", zeros},
                                  {"CI_MERGE_REQUEST_DIFF_BASE_SHA", "b"},
                                  {"CI_MERGE_REQUEST_IID", "9"},
                                  {"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "h"},
                                  {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"}})
                           .value();
    CHECK(merge.base == "b");
    CHECK(merge.tip == "h");
    CHECK(merge.what == "merge request 9 into main");
    const Variables gitlab{{"GITLAB_CI", "true"},         {"CI_PIPELINE_SOURCE", "push"}, {"CI_COMMIT_SHA", "a"},
                           {"CI_COMMIT_BEFORE_SHA", "b"}, {"CI_COMMIT_BRANCH", "x"},      {"CI_COMMIT_REF_NAME", "x"},
                           {"CI_DEFAULT_BRANCH", "main"}};
    CHECK(change_of(gitlab).value().base == "b");
    Variables first = gitlab;
    first["CI_COMMIT_BEFORE_SHA"] = zeros;
    CHECK(change_of(first).value().base.empty());
    CHECK(change_of(first).value().base_branch == "main");
    first["CI_PIPELINE_SOURCE"] = "schedule";
    CHECK(change_of(first).value().whole);

    const auto bitbucket = change_of({{"BITBUCKET_BUILD_NUMBER", "1"},
                                      {"BITBUCKET_COMMIT", "h"},
                                      {"BITBUCKET_PR_ID", "4"},
                                      {"BITBUCKET_BRANCH", "x"},
                                      {"BITBUCKET_PR_DESTINATION_COMMIT", "b"},
                                      {"BITBUCKET_PR_DESTINATION_BRANCH", "main"}})
                               .value();
    CHECK(bitbucket.base == "b");
    CHECK(bitbucket.tip == "h");
    const auto azure = change_of({{"TF_BUILD", "True"},
                                  {"BUILD_REASON", "PullRequest"},
                                  {"BUILD_SOURCEVERSION", "m"},
                                  {"BUILD_SOURCEBRANCH", "refs/pull/3/merge"},
                                  {"SYSTEM_PULLREQUEST_SOURCECOMMITID", "h"},
                                  {"SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"}})
                           .value();
    CHECK(azure.tip == "h");
    CHECK(azure.base_branch == "main");
    CHECK(change_of({{"TF_BUILD", "True"}, {"BUILD_REASON", "Schedule"}}).value().whole);
    const auto jenkins = change_of({{"JENKINS_URL", "https://ci.example/"},
                                    {"GIT_COMMIT", "h"},
                                    {"GIT_PREVIOUS_COMMIT", "p"},
                                    {"GIT_PREVIOUS_SUCCESSFUL_COMMIT", "b"},
                                    {"GIT_BRANCH", "origin/x"}})
                             .value();
    CHECK(jenkins.base == "b");
    CHECK(jenkins.branch == "x");
    CHECK(change_of({{"JENKINS_URL", "u"}, {"GIT_COMMIT", "h"}, {"CHANGE_TARGET", "main"}, {"CHANGE_ID", "2"}})
              .value()
              .base_branch == "main");
    const auto circle = change_of({{"CIRCLECI", "true"}, {"CIRCLE_SHA1", "h"}, {"CIRCLE_BRANCH", "x"}}).value();
    CHECK(circle.tip == "h");
    CHECK(circle.branch == "x");
    const Variables kite{{"BUILDKITE", "true"},
                         {"BUILDKITE_COMMIT", "h"},
                         {"BUILDKITE_BRANCH", "x"},
                         {"BUILDKITE_PULL_REQUEST", "false"},
                         {"BUILDKITE_PIPELINE_DEFAULT_BRANCH", "main"}};
    CHECK(change_of(kite).value().what == "a push to x");
    const auto drone = change_of({{"DRONE", "true"},
                                  {"DRONE_BUILD_EVENT", "push"},
                                  {"DRONE_COMMIT_BEFORE", "b"},
                                  {"DRONE_COMMIT_AFTER", "h"},
                                  {"DRONE_COMMIT_BRANCH", "main"},
                                  {"DRONE_REPO_BRANCH", "main"}})
                           .value();
    CHECK(drone.base == "b");
    CHECK(drone.tip == "h");
    CHECK(change_of({{"DRONE", "true"}, {"DRONE_BUILD_EVENT", "cron"}}).value().whole);

    CHECK(change_of({}).error().code() == ErrorCode::usage);
    CHECK(contains(change_of({}).error().message(), "--range origin/main..HEAD"));
}

TEST_CASE("ci: a pull request on GitHub is scanned for what it brings, however old the event's base is")
{
    if (!test::have_git()) {
        return;
    }
    const Story story;
    story.clone({}, "origin/main");
    test::git_ok(story.folder / "work", {"merge", "-q", "--no-edit", "origin/side"});  // refs/pull/7/merge
    Variables variables = github("pull_request", "HEAD");
    variables["GITHUB_BASE_REF"] = "main";
    for (const std::string& base : {story.leak, story.main_tip, story.start}) {
        const auto ran = story.ci(variables, request_event(base, story.side_tip));
        CHECK(ran.exit_code == 1);
        CHECK(contains(ran.out, "new:1:3"));
        CHECK(!contains(ran.out, "old:1:3"));
        CHECK(contains(ran.err, "GitHub Actions: pull request 7 into main"));
        CHECK(contains(ran.out, "r8scan:allow"));
        CHECK(!contains(ran.out + ran.err, test::token(2)));
    }
}

TEST_CASE("ci: a push is scanned from what was there before, a first push for everything new, a deletion not at all")
{
    if (!test::have_git()) {
        return;
    }
    const Story story;
    story.clone({}, "origin/side");
    const auto push = [&](const std::string& before, const std::string& after, const std::string& branch) {
        return story.ci(github("push", after), push_event(before, after, branch));
    };
    CHECK(push(story.leak, story.side_tip, "side").exit_code == 1);
    CHECK(push(story.side_leak, story.side_tip, "side").exit_code == 0);
    const auto first = push(zeros, story.side_tip, "side");
    CHECK(first.exit_code == 1);
    CHECK(contains(first.out, "new:1:3"));
    CHECK(!contains(first.out, "old:1:3"));
    const auto forced = push(std::string(40, '1'), story.side_tip, "side");
    CHECK(forced.exit_code == 1);
    CHECK(contains(forced.err, "a forced push"));
    CHECK(!contains(forced.out, "old:1:3"));
    const auto deleted = push(story.side_tip, zeros, "side");
    CHECK(deleted.exit_code == 0);
    CHECK(contains(deleted.err, "deleted"));
    story.clone({}, "origin/main");
    const auto first_main = push(zeros, story.main_tip, "main");
    CHECK(first_main.exit_code == 1);
    CHECK(contains(first_main.out, "old:1:3"));
    CHECK(contains(first_main.err, "--range A..B"));
    const auto weekly = story.ci(github("schedule", story.main_tip), "{}");
    CHECK(weekly.exit_code == 1);
    CHECK(contains(weekly.out, "old:1:3"));
    CHECK(contains(weekly.err, "the whole repository"));
    // Without -f, marks for the pages of GitHub.
    story.clone({}, "origin/side");
    const auto marks = story.ci(github("push", story.side_tip), push_event(story.leak, story.side_tip, "side"), "-q");
    CHECK(marks.exit_code == 1);
    CHECK(contains(marks.out, "file=new,line=1"));
}

TEST_CASE("ci: a shallow clone that lacks the base is no all-clear, and the line that mends it is said")
{
    if (!test::have_git()) {
        return;
    }
    const Story story;
    story.clone({"--depth", "1", "--branch", "side"}, "HEAD");
    const auto github_run = story.ci(github("push", story.side_tip), push_event(story.leak, story.side_tip, "side"));
    CHECK(github_run.exit_code == 3);
    CHECK(contains(github_run.err, "fetch-depth: 0"));
    CHECK(contains(github_run.err, "git fetch --unshallow"));
    const Variables gitlab{{"GITLAB_CI", "true"},
                           {"CI_PIPELINE_SOURCE", "push"},
                           {"CI_COMMIT_SHA", story.side_tip},
                           {"CI_COMMIT_BRANCH", "side"},
                           {"CI_DEFAULT_BRANCH", "main"}};
    for (const std::string& before : {story.leak, zeros}) {
        Variables variables = gitlab;
        variables["CI_COMMIT_BEFORE_SHA"] = before;
        const auto ran = story.ci(variables);
        CHECK(ran.exit_code == 3);
        CHECK(contains(ran.err, "GIT_DEPTH: 0"));
    }
    // The base is there and what lies between is not missing: a shallow clone will do.
    Variables deep = gitlab;
    deep["CI_COMMIT_BEFORE_SHA"] = story.side_leak;
    story.clone({"--depth", "2", "--branch", "side"}, "HEAD");
    CHECK(story.ci(deep).exit_code == 0);
    story.clone({"--depth", "3", "--branch", "side"}, "HEAD");
    deep["CI_COMMIT_BEFORE_SHA"] = story.leak;
    CHECK(story.ci(deep).exit_code == 1);
}

TEST_CASE("ci: where only the target branch is named, what it reaches is not new")
{
    if (!test::have_git()) {
        return;
    }
    const Story story;
    const std::vector<Variables> requests{
        {{"TF_BUILD", "True"},
         {"BUILD_REASON", "PullRequest"},
         {"BUILD_SOURCEVERSION", story.side_tip},
         {"SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"}},
        {{"JENKINS_URL", "u"}, {"GIT_COMMIT", story.side_tip}, {"CHANGE_TARGET", "main"}},
        {{"BUILDKITE", "true"},
         {"BUILDKITE_COMMIT", story.side_tip},
         {"BUILDKITE_BRANCH", "side"},
         {"BUILDKITE_PULL_REQUEST", "3"},
         {"BUILDKITE_PULL_REQUEST_BASE_BRANCH", "main"}},
        {{"DRONE", "true"},
         {"DRONE_BUILD_EVENT", "pull_request"},
         {"DRONE_COMMIT_SHA", story.side_tip},
         {"DRONE_TARGET_BRANCH", "main"}},
        {{"BITBUCKET_BUILD_NUMBER", "1"},
         {"BITBUCKET_COMMIT", story.side_tip},
         {"BITBUCKET_PR_ID", "4"},
         {"BITBUCKET_BRANCH", "side"},
         {"BITBUCKET_PR_DESTINATION_COMMIT", story.main_tip.substr(0, 12)},
         {"BITBUCKET_PR_DESTINATION_BRANCH", "main"}},
        {{"CIRCLECI", "true"}, {"CIRCLE_SHA1", story.side_tip}, {"CIRCLE_BRANCH", "side"}},
        {{"BITBUCKET_BUILD_NUMBER", "1"}, {"BITBUCKET_COMMIT", story.side_tip}, {"BITBUCKET_BRANCH", "side"}},
    };
    for (const Variables& variables : requests) {
        INFO(variables.begin()->first);
        story.clone({}, "origin/side");
        const auto ran = story.ci(variables);
        CHECK(ran.exit_code == 1);
        CHECK(contains(ran.out, "new:1:3"));
        CHECK(!contains(ran.out, "old:1:3"));
    }
    // Without the branch it cannot be told.
    story.clone({"--single-branch", "--branch", "side"}, "HEAD");
    const auto lacking = story.ci(requests[1]);
    CHECK(lacking.exit_code == 3);
    CHECK(contains(lacking.err, "git fetch origin"));
}

TEST_CASE("ci: outside of any CI a range is asked for, and one that is typed is taken")
{
    if (!test::have_git()) {
        return;
    }
    const Story story;
    story.clone({}, "origin/side");
    const auto lost = story.ci({});
    CHECK(lost.exit_code == 2);
    CHECK(contains(lost.err, "--range origin/main..HEAD"));
    CHECK(story.ci({}, "", "--range origin/main..HEAD").exit_code == 1);
    CHECK(story.ci({}, "", "--range HEAD~1..HEAD").exit_code == 0);
    CHECK(story.ci({{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", "push"}, {"GITHUB_EVENT_PATH", "/nowhere"}})
              .exit_code == 2);
}
