#include "cmd/ci_environment.h"

#include "cmd/ci_event.h"

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <stdexcept>

namespace r8scan::cmd {
namespace {

/// The variables of an environment as text; what is not set is empty.
class Variables {
public:
    explicit Variables(const Environment& environment) : m_environment(environment) {}

    [[nodiscard]] std::string operator[](const char* name) const
    {
        const char* const value = m_environment(name);
        return value != nullptr ? value : "";
    }
    [[nodiscard]] bool is_set(const char* name) const { return !(*this)[name].empty(); }

private:
    const Environment& m_environment;
};

bool is_zeros(std::string_view id)
{
    return id.find_first_not_of('0') == std::string_view::npos;
}

/// An id, or nothing for the zeros that stand for "there was nothing".
std::string id_or_nothing(std::string id)
{
    return is_zeros(id) ? std::string() : std::move(id);
}

std::string without_prefix(std::string text, std::string_view prefix)
{
    return text.starts_with(prefix) ? text.substr(prefix.size()) : std::move(text);
}

std::string branch_of(std::string ref)
{
    return without_prefix(std::move(ref), "refs/heads/");
}

std::string into(std::string_view request, const std::string& number, const std::string& branch)
{
    return fmt::format("{}{}{}{}", request, number.empty() ? "" : " " + number, branch.empty() ? "" : " into ", branch);
}

std::string push_to(const std::string& branch)
{
    return branch.empty() ? "a push" : "a push to " + branch;
}

Result<CiChange> github(const Variables& variables, std::string_view event_text)
{
    const std::string name = variables["GITHUB_EVENT_NAME"];
    const CiEvent event(event_text);
    CiChange change;
    change.tip = variables["GITHUB_SHA"];
    const std::string default_branch = event.text({"repository", "default_branch"});
    if (name.starts_with("pull_request")) {
        const std::string head = event.text({"pull_request", "head", "sha"});
        change.tip = head.empty() ? change.tip : head;
        change.base = event.text({"pull_request", "base", "sha"});
        change.base_branch = variables["GITHUB_BASE_REF"];
        change.request = true;
        change.what = into("pull request", event.text({"number"}), change.base_branch);
    } else if (name == "merge_group") {
        const std::string head = event.text({"merge_group", "head_sha"});
        change.tip = head.empty() ? change.tip : head;
        change.base = event.text({"merge_group", "base_sha"});
        change.base_branch = branch_of(event.text({"merge_group", "base_ref"}));
        change.request = true;
        change.what = into("the merge queue's group", "", change.base_branch);
    } else if (name == "push") {
        const std::string after = event.text({"after"});
        change.nothing = event.flag({"deleted"}) || (!after.empty() && is_zeros(after));
        change.tip = after.empty() ? change.tip : after;
        change.base = id_or_nothing(event.text({"before"}));
        change.base_branch = default_branch;
        const std::string ref = event.text({"ref"});
        change.branch = ref.starts_with("refs/heads/") ? branch_of(ref) : "";
        change.what = push_to(without_prefix(branch_of(ref), "refs/tags/"));
    } else {
        change.whole = true;
        change.what = name.empty() ? "a run without an event" : "the event " + name;
        return change;
    }
    if (!event.is_readable()) {
        return Error(ErrorCode::usage,
                     fmt::format("GITHUB_EVENT_PATH: \"{}\" holds no event: say what is new by --range A..B",
                                 variables["GITHUB_EVENT_PATH"]));
    }
    return change;
}

Result<CiChange> gitlab(const Variables& variables, std::string_view)
{
    CiChange change;
    change.provider = CiProvider::gitlab;
    change.tip = variables["CI_COMMIT_SHA"];
    const std::string source = variables["CI_PIPELINE_SOURCE"];
    if (variables.is_set("CI_MERGE_REQUEST_DIFF_BASE_SHA")) {
        // In a pipeline for the merged result CI_COMMIT_SHA is a commit that GitLab made up.
        const std::string head = variables["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"];
        change.tip = head.empty() ? change.tip : head;
        change.base = variables["CI_MERGE_REQUEST_DIFF_BASE_SHA"];
        change.base_branch = variables["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"];
        change.request = true;
        change.what = into("merge request", variables["CI_MERGE_REQUEST_IID"], change.base_branch);
        return change;
    }
    if (source == "schedule" || source == "web" || source == "api" || source == "trigger") {
        change.whole = true;
        change.what = fmt::format("a pipeline of source \"{}\"", source);
        return change;
    }
    change.base = id_or_nothing(variables["CI_COMMIT_BEFORE_SHA"]);
    change.base_branch = variables["CI_DEFAULT_BRANCH"];
    change.branch = variables["CI_COMMIT_BRANCH"];
    change.what = push_to(variables["CI_COMMIT_REF_NAME"]);
    return change;
}

Result<CiChange> bitbucket(const Variables& variables, std::string_view)
{
    CiChange change;
    change.provider = CiProvider::bitbucket;
    change.tip = variables["BITBUCKET_COMMIT"];
    change.branch = variables["BITBUCKET_BRANCH"];
    if (variables.is_set("BITBUCKET_PR_ID")) {
        change.base = variables["BITBUCKET_PR_DESTINATION_COMMIT"];
        change.base_branch = variables["BITBUCKET_PR_DESTINATION_BRANCH"];
        change.request = true;
        change.what = into("pull request", variables["BITBUCKET_PR_ID"], change.base_branch);
        return change;
    }
    change.what = push_to(change.branch);
    return change;
}

Result<CiChange> azure(const Variables& variables, std::string_view)
{
    CiChange change;
    change.provider = CiProvider::azure;
    change.tip = variables["BUILD_SOURCEVERSION"];
    const std::string ref = variables["BUILD_SOURCEBRANCH"];
    change.branch = ref.starts_with("refs/heads/") ? branch_of(ref) : "";
    if (variables.is_set("SYSTEM_PULLREQUEST_TARGETBRANCH")) {
        const std::string head = variables["SYSTEM_PULLREQUEST_SOURCECOMMITID"];
        change.tip = head.empty() ? change.tip : head;
        change.base_branch = branch_of(variables["SYSTEM_PULLREQUEST_TARGETBRANCH"]);
        const std::string number = variables["SYSTEM_PULLREQUEST_PULLREQUESTNUMBER"];
        change.request = true;
        change.what = into("pull request", number.empty() ? variables["SYSTEM_PULLREQUEST_PULLREQUESTID"] : number,
                           change.base_branch);
        return change;
    }
    const std::string reason = variables["BUILD_REASON"];
    if (reason == "Schedule" || reason == "Manual") {
        change.whole = true;
        change.what = fmt::format("a build of reason \"{}\"", reason);
        return change;
    }
    change.what = push_to(change.branch);
    return change;
}

Result<CiChange> jenkins(const Variables& variables, std::string_view)
{
    CiChange change;
    change.provider = CiProvider::jenkins;
    change.tip = variables["GIT_COMMIT"];
    if (variables.is_set("CHANGE_TARGET")) {
        change.base_branch = variables["CHANGE_TARGET"];
        change.request = true;
        change.what = into("change", variables["CHANGE_ID"], change.base_branch);
        return change;
    }
    // Not GIT_PREVIOUS_COMMIT: what made the last build fail must not pass in the next one.
    change.base = variables["GIT_PREVIOUS_SUCCESSFUL_COMMIT"];
    const std::string branch = variables["BRANCH_NAME"];
    change.branch = branch.empty() ? without_prefix(variables["GIT_BRANCH"], "origin/") : branch;
    change.what = push_to(change.branch);
    return change;
}

Result<CiChange> circleci(const Variables& variables, std::string_view)
{
    CiChange change;
    change.provider = CiProvider::circleci;
    change.tip = variables["CIRCLE_SHA1"];
    change.branch = variables["CIRCLE_BRANCH"];
    change.what = push_to(change.branch);
    return change;
}

Result<CiChange> buildkite(const Variables& variables, std::string_view)
{
    CiChange change;
    change.provider = CiProvider::buildkite;
    change.tip = variables["BUILDKITE_COMMIT"];
    change.branch = variables["BUILDKITE_BRANCH"];
    const std::string request = variables["BUILDKITE_PULL_REQUEST"];
    if (!request.empty() && request != "false") {
        change.base_branch = variables["BUILDKITE_PULL_REQUEST_BASE_BRANCH"];
        change.request = true;
        change.what = into("pull request", request, change.base_branch);
        return change;
    }
    if (variables["BUILDKITE_SOURCE"] == "schedule") {
        change.whole = true;
        change.what = "a scheduled build";
        return change;
    }
    change.base_branch = variables["BUILDKITE_PIPELINE_DEFAULT_BRANCH"];
    change.what = push_to(change.branch);
    return change;
}

Result<CiChange> drone(const Variables& variables, std::string_view)
{
    CiChange change;
    change.provider = CiProvider::drone;
    change.tip = variables["DRONE_COMMIT_AFTER"];
    if (change.tip.empty() || is_zeros(change.tip)) {
        change.tip = variables["DRONE_COMMIT_SHA"];
    }
    const std::string kind = variables["DRONE_BUILD_EVENT"];
    if (kind == "pull_request") {
        change.base_branch = variables["DRONE_TARGET_BRANCH"];
        change.request = true;
        change.what = into("pull request", variables["DRONE_PULL_REQUEST"], change.base_branch);
        return change;
    }
    if (kind == "cron" || kind == "custom") {
        change.whole = true;
        change.what = fmt::format("a build of event \"{}\"", kind);
        return change;
    }
    change.base = id_or_nothing(variables["DRONE_COMMIT_BEFORE"]);
    change.base_branch = variables["DRONE_REPO_BRANCH"];
    change.branch = kind == "tag" ? "" : variables["DRONE_COMMIT_BRANCH"];
    change.what = push_to(kind == "tag" ? variables["DRONE_TAG"] : change.branch);
    return change;
}

struct Known {
    CiProvider provider;
    std::string_view name;
    const char* sign;  // a variable that is set there and nowhere else
    Result<CiChange> (*read)(const Variables&, std::string_view);
    std::string_view full_clone;
};

constexpr auto providers = std::to_array<Known>({
    {CiProvider::github, "GitHub Actions", "GITHUB_ACTIONS", github,
     "`fetch-depth: 0` under `with:` of actions/checkout"},
    {CiProvider::gitlab, "GitLab CI", "GITLAB_CI", gitlab, "`GIT_DEPTH: 0` under `variables:` of the job"},
    {CiProvider::bitbucket, "Bitbucket Pipelines", "BITBUCKET_BUILD_NUMBER", bitbucket,
     "`clone: {depth: full}` into the step"},
    {CiProvider::azure, "Azure Pipelines", "TF_BUILD", azure, "`fetchDepth: 0` under `- checkout: self`"},
    {CiProvider::circleci, "CircleCI", "CIRCLECI", circleci,
     "`method: full` under `checkout:`, or `git fetch --unshallow` before it"},
    {CiProvider::buildkite, "Buildkite", "BUILDKITE", buildkite,
     "`git fetch --unshallow` before it, and no --depth into BUILDKITE_GIT_CLONE_FLAGS"},
    {CiProvider::drone, "Drone", "DRONE", drone, "`clone: {depth: 0}`, or `git fetch --unshallow` before it"},
    {CiProvider::jenkins, "Jenkins", "JENKINS_URL", jenkins,
     "no shallow clone into the checkout (CloneOption, shallow: false)"},
});

const Known& known(CiProvider provider)
{
    for (const Known& one : providers) {
        if (one.provider == provider) {
            return one;
        }
    }
    throw std::logic_error("a CI provider that is not in the table");
}

}  // namespace

std::string github_event_file(const Environment& environment)
{
    const Variables variables(environment);
    return variables.is_set("GITHUB_ACTIONS") ? variables["GITHUB_EVENT_PATH"] : "";
}

Result<CiChange> find_ci_change(const Environment& environment, std::string_view github_event)
{
    const Variables variables(environment);
    std::string names;
    for (const Known& one : providers) {
        if (variables.is_set(one.sign)) {
            return one.read(variables, github_event);
        }
        names += fmt::format("{}{}", names.empty() ? "" : ", ", one.name);
    }
    return Error(ErrorCode::usage,
                 fmt::format("no CI that is known here ({}): say what is new yourself, as in r8scan ci "
                             "--range origin/main..HEAD",
                             names));
}

std::string_view name_of(CiProvider provider)
{
    return known(provider).name;
}

std::string_view full_clone(CiProvider provider)
{
    return known(provider).full_clone;
}

}  // namespace r8scan::cmd
