// Where git looks for a repository's hooks: where core.hooksPath says, else in `hooks` of the common git folder
// (https://git-scm.com/docs/git-config#Documentation/git-config.txt-corehooksPath).
//
// core.hooksPath may stand in the person's own configuration as well as in the repository's, and each file may include
// others, so this is the one place that reads both. It reads them because a person asked to have a hook put there; no
// scan comes this way. One thread.
#pragma once

#include <r8scan/result.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace r8scan::git {

/// What git's environment says of it.
struct HooksQuestion {
    std::filesystem::path repository = ".";
    std::filesystem::path git_dir;                     // GIT_DIR; empty: looked for from `repository` upwards
    std::filesystem::path work_tree;                   // GIT_WORK_TREE; empty: as the repository has it
    std::filesystem::path home;                        // for paths that begin with ~
    std::vector<std::filesystem::path> person_files;   // least important first; those that are not there do not count
    std::optional<std::string> hooks_path_of_command;  // beats every file: git -c core.hooksPath=…
    bool runs_in_git_dir = false;                      // as the hooks of a receiving side do, not in the work tree
};

struct HooksFolder {
    std::filesystem::path path;         // absolute; need not exist
    std::string set_by;                 // the file in which core.hooksPath stands, "the environment", or empty
    bool for_all_repositories = false;  // by a file of the person, and not relative to this repository
};

Result<HooksFolder> find_hooks_folder(const HooksQuestion& question);

}  // namespace r8scan::git
