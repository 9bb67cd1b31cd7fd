#include "git/hooks_folder.h"

#include "git/included_config.h"
#include "git/repository.h"
#include "util/file.h"

#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

namespace {

struct Setting {
    std::string value;
    std::string set_by;
    bool by_person = false;
};

Result<std::optional<Setting>> find_setting(const HooksQuestion& question, const Repository& repository)
{
    if (question.hooks_path_of_command) {
        return std::optional(Setting{*question.hooks_path_of_command, "the environment", false});
    }
    const IncludedConfig config(repository.git_dir(), question.home);
    std::vector<std::pair<fs::path, bool>> files;
    for (const auto& file : question.person_files) {
        files.emplace_back(file, true);
    }
    files.emplace_back(repository.common_dir() / "config", false);
    const auto per_worktree = config.value(repository.common_dir() / "config", "extensions.worktreeconfig");
    if (per_worktree && *per_worktree && **per_worktree != "false") {
        files.emplace_back(repository.git_dir() / "config.worktree", false);
    }
    std::optional<Setting> last;
    for (const auto& [file, by_person] : files) {
        const auto value = config.value(file, "core.hookspath");
        if (!value) {
            return value.error();
        }
        if (*value) {
            last = Setting{**value, file.string(), by_person};
        }
    }
    return last;
}

fs::path whole_path(const fs::path& path)
{
    std::error_code error;
    const auto whole = fs::absolute(path, error);
    return error ? path : whole.lexically_normal();
}

// Where a hook runs, and so what a relative core.hooksPath begins at.
fs::path folder_of_run(const HooksQuestion& question, const Repository& repository)
{
    const bool is_bare = repository.config("core.bare").value_or("false") == "true";
    if (question.runs_in_git_dir || (is_bare && question.work_tree.empty())) {
        return repository.git_dir();
    }
    if (!question.work_tree.empty()) {
        return question.work_tree;
    }
    if (!question.git_dir.empty() && !repository.config("core.worktree")) {
        return fs::path(".");  // git takes the folder that it is in for the top of the work tree then
    }
    if (!repository.work_dir().empty()) {
        return repository.work_dir();
    }
    // Where libgit2 did not open the repository: a linked worktree's folder names its `.git` file.
    if (const auto link = read_small_file(repository.git_dir() / "gitdir"); link) {
        return fs::path(link->substr(0, link->find_first_of("\r\n"))).parent_path();
    }
    return repository.git_dir().parent_path();
}

}  // namespace

Result<HooksFolder> find_hooks_folder(const HooksQuestion& question)
{
    const auto repository = Repository::open(question.repository, question.git_dir);
    if (!repository) {
        return repository.error();
    }
    const auto setting = find_setting(question, *repository);
    if (!setting) {
        return setting.error();
    }
    if (!*setting) {
        return HooksFolder{whole_path(repository->common_dir() / "hooks"), "", false};
    }
    const auto& [value, set_by, by_person] = **setting;
    if (value.empty()) {
        return Error(ErrorCode::usage,
                     "core.hooksPath is empty in " + quoted(fs::path(set_by)) + ": give it a folder, or take it out");
    }
    if (value.starts_with("~/")) {
        return HooksFolder{whole_path(question.home / value.substr(2)), set_by, by_person};
    }
    if (value.front() == '~' || value.starts_with("%(")) {
        return Error(ErrorCode::unsupported, "core.hooksPath in " + quoted(fs::path(set_by)) + " is \"" + value +
                                                 "\", which is not understood here: write the folder out");
    }
    const fs::path path(value);
    if (path.is_absolute()) {
        return HooksFolder{whole_path(path), set_by, by_person};
    }
    return HooksFolder{whole_path(folder_of_run(question, *repository) / path), set_by, false};
}

}  // namespace r8scan::git
