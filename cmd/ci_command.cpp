#include "cmd/ci_command.h"

#include "cmd/ci_environment.h"
#include "cmd/exit_code.h"
#include "cmd/git_command.h"
#include "cmd/git_environment.h"
#include "cmd/message.h"
#include "cmd/range_commands.h"
#include "engine/lookup_repository.h"
#include "git/revision.h"
#include "util/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace r8scan::cmd {
namespace {

/// What the clone in which a pipeline runs has of its change.
class Clone {
public:
    explicit Clone(LookupRepository& repository) : m_repository(repository)
    {
        Problems problems;  // the scan meets and names them again
        m_is_shallow = !repository.repository.shallow_boundary(problems).empty();
    }

    [[nodiscard]] bool is_shallow() const { return m_is_shallow; }

    /// The commit that a revision names, as far as it can be read here.
    [[nodiscard]] std::optional<std::string> commit(const std::string& revision) const
    {
        const auto id = git::resolve_revision(revision, m_repository.refs, *m_repository.objects);
        const auto commit = id ? git::peel_tags(*id, *m_repository.objects) : id;
        return commit ? std::optional(commit->hex()) : std::nullopt;
    }

    /// Where the branch stands on the remote.
    [[nodiscard]] std::optional<std::string> remote_branch(const std::string& branch) const
    {
        for (const auto& ref : m_repository.refs.refs) {
            if (ref.name == "refs/remotes/origin/" + branch) {
                return ref.target.hex();
            }
        }
        return std::nullopt;
    }

private:
    LookupRepository& m_repository;
    bool m_is_shallow = false;
};

/// Where others' commits end: the branch that a change goes into, or that it probably came from. Never `own`.
std::optional<std::string> tip_of_others(const Clone& clone, const std::string& branch, const std::string& own)
{
    std::vector<std::string> names{branch};
    if (branch.empty()) {
        names = {"HEAD", "main", "master"};
    }
    for (const std::string& name : names) {
        if (const auto id = name == own ? std::nullopt : clone.remote_branch(name)) {
            const bool is_own = !own.empty() && id == clone.remote_branch(own) && name == "HEAD";
            return is_own ? std::nullopt : id;
        }
    }
    return std::nullopt;
}

int lacks(const CiChange& change, const Clone& clone, const std::string& what)
{
    say(fmt::format("{}: {}: {} is not in this clone, so what is new cannot be told: nothing was scanned",
                    name_of(change.provider), change.what, what));
    if (clone.is_shallow()) {
        say(fmt::format("the clone is shallow. Put {}, or run before this: git fetch --unshallow",
                        full_clone(change.provider)));
    } else {
        say("run before this: git fetch origin '+refs/heads/*:refs/remotes/origin/*'");
    }
    return exit_incomplete;
}

/// Fills in what is to be scanned. An exit code where that cannot be.
std::optional<int> choose(const CiChange& change, const Clone& clone, RangePlan& plan)
{
    const auto tip = clone.commit(change.tip.empty() ? "HEAD" : change.tip);
    if (!tip) {
        return lacks(change, clone, "its newest commit " + change.tip);
    }
    plan.scan.include = {*tip};
    const auto base = change.base.empty() ? std::nullopt : clone.commit(change.base);
    if (!change.base.empty() && !base && clone.is_shallow()) {
        return lacks(change, clone, "the commit before it, " + change.base);
    }
    if (base) {
        plan.scan.exclude.push_back(*base);
    }
    if (!base || change.request) {
        if (const auto others = tip_of_others(clone, change.base_branch, change.branch); others && others != tip) {
            plan.scan.exclude.push_back(*others);
        }
    }
    if (plan.scan.exclude.empty() && (change.request || clone.is_shallow())) {
        return lacks(change, clone, change.request ? "branch \"" + change.base_branch + '"' : "what was there before");
    }
    if (!change.base.empty() && !base && !change.request && !plan.quiet) {
        say(fmt::format("commit {}, which was there before, is gone (a forced push)", change.base));
    }
    if (plan.scan.exclude.empty() && !plan.quiet) {
        say("nothing says what was there before, so all that leads to this commit counts as new; --range A..B narrows "
            "it");
    }
    return std::nullopt;
}

int scan_whole(const TypedOptions& typed, const RangePlan& like, const Terminal& terminal)
{
    Result<Plan> plan = plan_git(typed);
    if (!plan) {
        say(plan.error().message());
        return exit_usage;
    }
    plan->scan.cache_dir = like.scan.cache_dir;
    plan->outputs = like.outputs;
    plan->step_summary = like.step_summary;
    plan->occasion = like.occasion;
    plan->actions = like.actions;
    return run_git(*plan, terminal);
}

Result<std::string> read_event(const Environment& environment)
{
    const std::string file = github_event_file(environment);
    return file.empty() ? std::string() : read_small_file(file);
}

int wrong(const Error& error)
{
    say(error.message());
    return exit_usage;
}

}  // namespace

int run_ci(RangePlan& plan, const TypedOptions& typed, const Terminal& terminal, const Environment& environment)
{
    if (!plan.scan.ranges.empty()) {
        return run_range(plan, terminal, environment);
    }
    const Result<std::string> event = read_event(environment);
    if (!event) {
        return wrong(event.error().within("GITHUB_EVENT_PATH"));
    }
    const Result<CiChange> change = find_ci_change(environment, *event);
    if (!change) {
        return wrong(change.error());
    }
    if (!plan.quiet) {
        say(fmt::format("{}: {}{}", name_of(change->provider), change->what,
                        change->nothing ? ": something was deleted, which brings nothing"
                        : change->whole ? ": there is no change to look at, so the whole repository is"
                                        : ""));
    }
    if (change->nothing) {
        return exit_clean;
    }
    if (change->provider == CiProvider::github && typed.last("format") == nullptr && typed.last("output") == nullptr) {
        plan.outputs.front().format = Format::github;  // marks on the change, and a table in the summary of the step
    }
    if (change->whole) {
        return scan_whole(typed, plan, terminal);
    }
    plan.scan.places = git_places(environment);
    bool is_shallow = false;
    {
        LookupRepository repository;
        Problems problems;  // the scan meets and names them again
        if (const Result<void> opened = LookupRepository::open(plan.scan.repository, plan.scan.places, plan.scan,
                                                               plan.scan.allow_outside, problems, repository);
            !opened) {
            return wrong(opened.error());
        }
        const Clone clone(repository);
        is_shallow = clone.is_shallow();
        if (const std::optional<int> code = choose(*change, clone, plan)) {
            return *code;
        }
    }
    const int code = run_range(plan, terminal, environment);
    if (code == exit_incomplete && is_shallow) {
        say(fmt::format("the clone is shallow. Put {}", full_clone(change->provider)));
    }
    return code;
}

}  // namespace r8scan::cmd
