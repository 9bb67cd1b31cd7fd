// A repository in which tokens are planted, one in each of some of the places where a token can be, with what each
// command of r8scan must say of it.
//
// The history is "main", of which everything up to a base is on the other side already (refs/remotes/origin/main).
// Places are in the catalogue of planted_places.cpp; what is written when all are planted (index, stash, the files of
// HEAD) is written by finish().
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"

namespace r8scan::test {

/// Commands of r8scan, as bits.
enum Command : unsigned {
    git_all = 1,
    git_no_unreachable = 2,
    git_branch = 4,  // --branch main
    git_range = 8,   // --range BASE..main
    staged_command = 16,
    message_command = 32,  // of .git/COMMIT_EDITMSG
    push_command = 64,
    receive_command = 128,
    git_worktree = 256,
    dir_command = 512,
};
inline constexpr unsigned command_count = 10;

struct Plant {
    std::string place;
    std::string token;
    unsigned seen_by = 0;
    std::string kind;                 // in a scan of the repository
    std::optional<std::string> path;  // as reports show it, the token redacted; nothing: none
};

class PlantedSite {
public:
    PlantedSite(const std::filesystem::path& dir, RepoOptions options);

    /// What is planted from now on is not on the other side yet.
    void begin_range();
    /// Writes what was gathered. Nothing may be planted after it.
    void finish();

    void add(Plant plant) { plants.push_back(std::move(plant)); }

    // History: each moves main on.
    Id commit(const Files& tree, std::string_view message = "More", const CommitOptions& options = {});
    /// A commit with these files beside those of main, and one without them.
    Id bring_and_take(const Files& more, std::string_view message = "More", const CommitOptions& options = {});
    void keep(const std::string& path, const std::string& content);  // from here on to HEAD

    void git_file(const std::string& name, const std::string& text) const;  // appended, below the git folder
    [[nodiscard]] std::string shown(const std::string& name) const;  // a file of the git folder, as reports show it

    std::filesystem::path dir;
    RepoBuilder repo;
    std::vector<Plant> plants;
    bool bare = false;
    bool incomplete = false;  // something is missing by intent: exit code 3
    bool allow_outside = false;
    Files files;  // at HEAD
    Id base;
    Id tip;
    std::map<std::string, Id> staged;                                          // beside the files of HEAD
    std::vector<std::string> pushed;                                           // lines of a push, beside main's
    std::vector<std::string> older_stashes;                                    // contents
    std::optional<std::string> stash_work_tree, stash_index, stash_untracked;  // of the newest
};

/// The places, by number; `plant` is to be called before begin_range() where `is_old`, else after.
struct PlantedPlace {
    const char* name;
    bool is_old;
    bool needs_work_tree;
    void (*plant)(PlantedSite& site, const std::string& name, const std::string& token);
};
const std::vector<PlantedPlace>& planted_places();

}  // namespace r8scan::test
