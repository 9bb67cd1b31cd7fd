#include "git/discovery.h"

#include "git/config_file.h"
#include "util/file.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t longest_link_file = 1U << 16U;
constexpr const char* way_out = ": use --allow-outside if you trust what it names";

// What is there, with symbolic links followed; nothing where nothing is.
Result<std::optional<struct stat>> look_at(const fs::path& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) {
        return std::optional(status);
    }
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) {
        return std::optional<struct stat>();
    }
    return system_error(path, errno);
}

fs::path resolved(const fs::path& path)
{
    std::error_code error;
    auto result = fs::weakly_canonical(path, error);
    return error ? path.lexically_normal() : result;
}

bool is_below(const fs::path& path, const fs::path& root)
{
    return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

// The path in a file that holds nothing else but a mark; relative ones count from the folder given.
Result<std::optional<fs::path>> path_in(const fs::path& file, const fs::path& relative_to, std::string_view mark = "")
{
    const auto text = read_small_file(file, longest_link_file);
    if (!text) {
        if (text.error().code() == ErrorCode::not_found) {
            return std::optional<fs::path>();
        }
        return text.error();
    }
    if (!text->starts_with(mark)) {
        return std::optional<fs::path>();
    }
    const auto end = text->find_first_of("\r\n");
    const fs::path named(text->substr(mark.size(), end == std::string::npos ? end : end - mark.size()));
    if (named.empty()) {
        return std::optional<fs::path>();
    }
    return std::optional(resolved(named.is_absolute() ? named : relative_to / named));
}

// A git folder has a HEAD, and objects and refs of its own or by its common folder.
Result<bool> is_git_folder(const fs::path& folder)
{
    // A HEAD that is a link, as git made them once, may name a branch without commits.
    std::error_code error;
    const bool has_head = fs::exists(fs::symlink_status(folder / "HEAD", error));
    if (!has_head) {
        return error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory
                   ? Result<bool>(system_error(folder / "HEAD", error.value()))
                   : false;
    }
    const auto common = path_in(folder / "commondir", folder);
    if (!common) {
        return common.error();
    }
    const auto& root = *common ? **common : folder;
    for (const char* name : {"objects", "refs"}) {
        const auto status = look_at(root / name);
        if (!status) {
            return status.error();
        }
        if (!*status || !S_ISDIR((*status)->st_mode)) {
            return false;
        }
    }
    return true;
}

// Whether the git folder itself says that this is the folder of its working tree.
bool leads_back(const fs::path& git_dir, const fs::path& folder)
{
    if (const auto link = path_in(git_dir / "gitdir", git_dir); link && *link && **link == folder / ".git") {
        return true;
    }
    const auto text = read_small_file(git_dir / "config");
    if (!text) {
        return false;
    }
    const auto values = parse_config(*text);
    if (!values || !values->contains("core.worktree")) {
        return false;
    }
    const fs::path work_tree(values->at("core.worktree"));
    return resolved(work_tree.is_absolute() ? work_tree : git_dir / work_tree) == folder;
}

// The git folder that `folder`/.git is or names; nothing where there is none.
Result<std::optional<Discovered>> find_in(const fs::path& folder, bool allow_outside)
{
    const auto link = folder / ".git";
    const auto status = look_at(link);
    if (!status) {
        return status.error();
    }
    if (*status && (S_ISDIR((*status)->st_mode) || S_ISREG((*status)->st_mode))) {
        const bool is_file = S_ISREG((*status)->st_mode);
        const auto target = is_file ? path_in(link, folder, "gitdir: ") : std::optional(resolved(link));
        if (!target) {
            return target.error();
        }
        const auto valid = *target ? is_git_folder(**target) : false;
        if (!valid) {
            return valid.error();
        }
        if (*valid) {
            if (!allow_outside && !is_below(**target, folder) && !leads_back(**target, folder)) {
                return Error(ErrorCode::permission, quoted(link) + " names " + quoted(**target) +
                                                        ", which lies outside and does not name it in turn" + way_out);
            }
            return std::optional(Discovered{**target, {}, folder});
        }
        if (*target && is_file) {
            return Error(ErrorCode::not_found, quoted(link) + " names " + quoted(**target) + ", which is no repository");
        }
    }
    const auto itself = is_git_folder(folder);
    if (!itself) {
        return itself.error();
    }
    return *itself ? std::optional(Discovered{folder, {}, {}}) : std::optional<Discovered>();
}

Result<std::optional<Discovered>> find_upwards(fs::path folder, bool allow_outside)
{
    const auto start = look_at(folder);
    if (!start) {
        return start.error();
    }
    const auto is_same_file_system = [&](const fs::path& path) {
        const auto status = look_at(path);
        return status && *status && *start && (*status)->st_dev == (*start)->st_dev;
    };
    for (; is_same_file_system(folder); folder = folder.parent_path()) {
        auto found = find_in(folder, allow_outside);
        if (!found || *found) {
            return found;
        }
        if (folder == folder.parent_path()) {
            break;
        }
    }
    return std::optional<Discovered>();
}

Result<std::optional<Discovered>> take_git_dir(const fs::path& path)
{
    auto git_dir = path;
    if (const auto status = look_at(path); status && *status && S_ISREG((*status)->st_mode)) {
        const auto named = path_in(path, path.parent_path(), "gitdir: ");
        if (!named || !*named) {
            return named ? Result<std::optional<Discovered>>(std::optional<Discovered>()) : named.error();
        }
        git_dir = **named;
    }
    const auto valid = is_git_folder(git_dir);
    if (!valid) {
        return valid.error();
    }
    return *valid ? std::optional(Discovered{git_dir, {}, {}}) : std::optional<Discovered>();
}

// Parts of a git folder that are links to somewhere else lead outside as any other name does.
Result<void> check_links(const Discovered& found)
{
    for (const auto& dir : {found.git_dir, found.common_dir}) {
        for (const char* name : {"HEAD", "commondir", "config", "config.worktree", "index", "logs", "modules", "lfs",
                                 "objects", "objects/info", "objects/pack", "packed-refs", "refs", "reftable", "shallow",
                                 "worktrees"}) {
            std::error_code error;
            const auto path = dir / name;
            if (!fs::is_symlink(fs::symlink_status(path, error))) {
                continue;
            }
            const auto target = resolved(path);
            const bool is_inside = is_below(target, found.git_dir) || is_below(target, found.common_dir) ||
                                   (!found.folder.empty() && is_below(target, found.folder));
            if (!is_inside) {
                return Error(ErrorCode::permission,
                             quoted(path) + " is a link to " + quoted(target) + ", which lies outside" + way_out);
            }
        }
    }
    return {};
}

}  // namespace

Result<Discovered> discover(const fs::path& path, bool is_git_dir, bool allow_outside)
{
    std::error_code error;
    const auto start = fs::canonical(path, error);
    if (error) {
        return system_error(path, error.value());
    }
    auto found = is_git_dir ? take_git_dir(start) : find_upwards(start, allow_outside);
    if (!found) {
        return found.error();
    }
    if (!*found) {
        return Error(ErrorCode::not_found, quoted(path) + ": not a git repository, nor inside one");
    }
    auto& repository = **found;
    const auto common = path_in(repository.git_dir / "commondir", repository.git_dir);
    if (!common) {
        return common.error();
    }
    repository.common_dir = *common ? **common : repository.git_dir;
    const bool is_inside = is_below(repository.common_dir, repository.git_dir) ||
                           repository.git_dir.parent_path() == repository.common_dir / "worktrees" ||
                           (!repository.folder.empty() && is_below(repository.common_dir, repository.folder));
    if (!is_inside && !allow_outside) {
        return Error(ErrorCode::permission, quoted(repository.git_dir / "commondir") + " names " +
                                                quoted(repository.common_dir) +
                                                ", of which this is no linked worktree" + way_out);
    }
    if (!allow_outside) {
        if (auto inside = check_links(repository); !inside) {
            return inside.error();
        }
    }
    return repository;
}

}  // namespace r8scan::git
