// What the environment of a CI says of the change that a pipeline runs for. Pure: variables, and the text of GitHub's
// event, go in; ids and names of branches come out. Nothing is looked up in a repository here.
//
// GitHub: https://docs.github.com/actions/reference/events-that-trigger-workflows
// GitLab: https://docs.gitlab.com/ci/variables/predefined_variables/
// Bitbucket: https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
// Azure: https://learn.microsoft.com/azure/devops/pipelines/build/variables
// Jenkins: env-vars.html of any Jenkins    CircleCI: https://circleci.com/docs/variables/
// Buildkite: https://buildkite.com/docs/pipelines/environment-variables
// Drone: https://docs.drone.io/pipeline/environment/reference/
#pragma once

#include <r8scan/result.h>

#include "cmd/typed_options.h"

#include <string>
#include <string_view>

namespace r8scan::cmd {

enum class CiProvider { github, gitlab, bitbucket, azure, jenkins, circleci, buildkite, drone };

struct CiChange {
    CiProvider provider = CiProvider::github;
    std::string what;         // "pull request 7 into main": for a person
    bool whole = false;       // no change at all (a schedule, a start by hand): the whole repository is meant
    bool request = false;     // commits that ask to be let into base_branch
    bool nothing = false;     // a branch or tag was deleted
    std::string tip;          // the newest commit of the change; empty: HEAD
    std::string base;         // what was there before; empty: not known, or a first push
    std::string base_branch;  // what this branch on the remote reaches is not new; empty: the remote's default branch
    std::string branch;       // that is built; never taken for its own base
};

/// usage: no CI that is known, or one that does not say what it must; the message names --range.
Result<CiChange> find_ci_change(const Environment& environment, std::string_view github_event);

/// The file that holds GitHub's event, where the environment is GitHub's; empty elsewhere.
[[nodiscard]] std::string github_event_file(const Environment& environment);

[[nodiscard]] std::string_view name_of(CiProvider provider);

/// What makes this provider fetch all of history: the end of "put … into the pipeline".
[[nodiscard]] std::string_view full_clone(CiProvider provider);

}  // namespace r8scan::cmd
