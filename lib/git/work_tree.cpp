#include "git/work_tree.h"

#include "util/file.h"

#include <algorithm>
#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t longest_gitfile = 1U << 16U;

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

// From the path upwards: the folder whose `.git` is the git folder.
fs::path found_at(const fs::path& given, const fs::path& git_dir)
{
    for (auto folder = resolved(given);; folder = folder.parent_path()) {
        if (leads_to(folder, git_dir)) {
            return folder;
        }
        if (folder == folder.parent_path()) {
            return {};
        }
    }
}

// A linked worktree's git folder names the `.git` file that names it; relative names count from the git folder.
fs::path linked_work_tree(const fs::path& git_dir)
{
    auto text = read_small_file(git_dir / "gitdir", longest_gitfile);
    if (!text) {
        return {};
    }
    const fs::path named(text->substr(0, text->find_first_of("\r\n")));
    const auto folder = resolved(named.is_absolute() ? named : git_dir / named).parent_path();
    return leads_to(folder, git_dir) ? folder : fs::path();
}

}  // namespace

std::optional<fs::path> gitfile_target(const fs::path& file)
{
    constexpr std::string_view mark = "gitdir: ";
    const auto text = read_small_file(file, longest_gitfile);
    if (!text || !text->starts_with(mark)) {
        return std::nullopt;
    }
    const fs::path named(text->substr(mark.size(), text->find_first_of("\r\n") - mark.size()));
    return named.is_absolute() ? named : file.parent_path() / named;
}

bool leads_to(const fs::path& folder, const fs::path& git_dir)
{
    const auto link = folder / ".git";
    std::error_code error;
    const auto status = fs::status(link, error);
    if (fs::is_directory(status)) {
        return resolved(link) == resolved(git_dir);
    }
    const auto target = fs::is_regular_file(status) ? gitfile_target(link) : std::nullopt;
    return target && resolved(*target) == resolved(git_dir);
}

bool is_worktree_of(const fs::path& folder, const fs::path& common_dir)
{
    const auto link = folder / ".git";
    std::error_code error;
    const auto status = fs::symlink_status(link, error);
    if (fs::is_directory(status)) {
        return resolved(link) == resolved(common_dir);
    }
    const auto target = fs::is_regular_file(status) ? gitfile_target(link) : std::nullopt;
    return target && resolved(*target).parent_path() == resolved(common_dir / "worktrees");
}

WorkTree find_work_tree(const fs::path& given, const fs::path& git_dir, const fs::path& common_dir,
                        const WorkTreeConfig& config)
{
    const bool is_linked = git_dir != common_dir;
    const auto found = found_at(given, git_dir);
    if (config.worktree && !is_linked) {
        const fs::path named(*config.worktree);
        const auto folder = resolved(named.is_absolute() ? named : git_dir / named);
        const bool is_inside = leads_to(folder, git_dir) || (!found.empty() && is_below(folder, found));
        return {folder, !is_inside};
    }
    if (config.bare && !is_linked) {
        return {};
    }
    if (!found.empty()) {
        return {found, false};
    }
    if (is_linked) {
        return {linked_work_tree(git_dir), false};
    }
    return {git_dir.filename() == ".git" ? git_dir.parent_path() : fs::path(), false};
}

}  // namespace r8scan::git
