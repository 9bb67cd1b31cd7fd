#include "git/hooks_folder.h"

#include "git/repository.h"
#include "util/file.h"

#include <git2.h>

#include <memory>
#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

namespace {

template <auto Free>
struct Release {
    template <typename T>
    void operator()(T* handle) const
    {
        Free(handle);
    }
};
using RepositoryHandle = std::unique_ptr<git_repository, Release<git_repository_free>>;
using ConfigHandle = std::unique_ptr<git_config, Release<git_config_free>>;

// libgit2 looks up "~" of an included file in its search path, which is one for the whole process.
class HomeOfLibgit2 {
public:
    explicit HomeOfLibgit2(const fs::path& home)
    {
        git_libgit2_init();
        git_buf before = GIT_BUF_INIT;
        if (git_libgit2_opts(GIT_OPT_GET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, &before) == 0 && before.ptr != nullptr) {
            m_before = before.ptr;
        }
        git_buf_dispose(&before);
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, home.c_str());
    }
    ~HomeOfLibgit2()
    {
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, m_before.c_str());
        git_libgit2_shutdown();
    }
    HomeOfLibgit2(const HomeOfLibgit2&) = delete;
    HomeOfLibgit2& operator=(const HomeOfLibgit2&) = delete;

private:
    std::string m_before;
};

/// The value of a key in one file and in what that includes; nothing where it is not there. The repository decides
/// about conditional includes, and may be null.
Result<std::optional<std::string>> value_in(const fs::path& file, const char* key, git_repository* repository)
{
    std::error_code error;
    if (!fs::is_regular_file(file, error)) {
        return std::optional<std::string>();
    }
    git_config* raw = nullptr;
    if (git_config_new(&raw) != 0) {
        return Error(ErrorCode::io, "libgit2 made no configuration");
    }
    const ConfigHandle config(raw);
    if (git_config_add_file_ondisk(raw, file.c_str(), GIT_CONFIG_LEVEL_LOCAL, repository, 0) != 0) {
        const git_error* const why = git_error_last();
        return Error(ErrorCode::damaged, quoted(file) + ": " + (why != nullptr ? why->message : "cannot be read"));
    }
    git_buf value = GIT_BUF_INIT;
    const int found = git_config_get_string_buf(&value, raw, key);
    std::optional<std::string> text;
    if (found == 0) {
        text.emplace(value.ptr != nullptr ? value.ptr : "");
    }
    git_buf_dispose(&value);
    return text;
}

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
    const HomeOfLibgit2 home(question.home);
    git_repository* raw = nullptr;
    (void)git_repository_open_ext(&raw, repository.git_dir().c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
    const RepositoryHandle handle(raw);

    std::vector<std::pair<fs::path, bool>> files;
    for (const auto& file : question.person_files) {
        files.emplace_back(file, true);
    }
    files.emplace_back(repository.common_dir() / "config", false);
    const auto per_worktree = value_in(repository.common_dir() / "config", "extensions.worktreeconfig", raw);
    if (per_worktree && *per_worktree && **per_worktree != "false") {
        files.emplace_back(repository.git_dir() / "config.worktree", false);
    }
    std::optional<Setting> last;
    for (const auto& [file, by_person] : files) {
        const auto value = value_in(file, "core.hookspath", raw);
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
