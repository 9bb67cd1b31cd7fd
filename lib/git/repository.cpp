#include "git/repository.h"

#include "git/config_file.h"
#include "git/discovery.h"
#include "git/index_file.h"
#include "git/linked_worktrees.h"
#include "git/work_tree.h"
#include "util/file.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

namespace {

Result<void> check_permission(const fs::path& path)
{
    std::error_code error;
    const auto status = fs::status(path, error);
    if (error && error != std::errc::no_such_file_or_directory) {
        return system_error(path, error.value());
    }
    if (!fs::exists(status)) {
        return Error(ErrorCode::not_found, quoted(path) + ": no such file or folder");
    }
    for (const auto& at : {path, path / ".git"}) {
        const auto mode = fs::is_directory(at, error) ? R_OK | X_OK : R_OK;
        if (fs::exists(at, error) && ::access(at.c_str(), mode) != 0) {
            return system_error(at, errno);
        }
    }
    return {};
}

}  // namespace

Result<Repository> Repository::open(const fs::path& given, const fs::path& git_dir, bool allow_outside)
{
    const auto& path = git_dir.empty() ? given : git_dir;
    if (auto allowed = check_permission(path); !allowed) {
        return allowed.error();
    }
    auto found = discover(path, !git_dir.empty(), allow_outside);
    if (!found) {
        return found.error();
    }
    Repository repository;
    repository.m_git_dir = std::move(found->git_dir);
    repository.m_common_dir = std::move(found->common_dir);
    repository.m_found_in = std::move(found->folder);
    if (auto read = repository.read_config(); !read) {
        return read.error();
    }
    repository.find_work_dir(given);
    return repository;
}

Result<void> Repository::read_config()
{
    const auto path = m_common_dir / "config";
    read_config_file(path);
    // What each working tree has for itself comes after, and wins.
    if (config("extensions.worktreeconfig").value_or("false") != "false") {
        read_config_file(m_git_dir / "config.worktree");
    }
    const auto hash = this->config("extensions.objectformat").value_or("sha1");
    if (hash == "sha256") {
        m_hash = HashAlgorithm::sha256;
    } else if (hash != "sha1") {
        return Error(ErrorCode::unsupported, quoted(path) + ": object format \"" + hash + "\" is not known");
    }
    if (const auto version = this->config("core.repositoryformatversion").value_or("0"); version != "0" && version != "1") {
        return Error(ErrorCode::unsupported, quoted(path) + ": repository format version \"" + version + "\" is not known");
    }
    m_ref_storage = this->config("extensions.refstorage").value_or("files");
    return {};
}

void Repository::read_config_file(const fs::path& path)
{
    const auto text = read_small_file(path);
    if (!text) {
        // git reads a repository without one with its defaults, and so do we.
        if (text.error().code() != ErrorCode::not_found) {
            m_complaints.push_back(text.error().message());
        }
        return;
    }
    const auto values = parse_config(*text);
    if (!values) {
        m_complaints.push_back(values.error().within(quoted(path)).message());
        return;
    }
    for (const auto& [key, value] : *values) {
        if (key == "include.path" || (key.starts_with("includeif.") && key.ends_with(".path"))) {
            m_notes.push_back(quoted(path) + " includes \"" + value + "\", which is not read");
        }
        m_config[key] = value;
    }
}

void Repository::find_work_dir(const fs::path& given)
{
    const auto bare = config("core.bare").value_or("false");
    WorkTreeConfig tree_config;
    tree_config.bare = bare == "true" || bare == "yes" || bare == "on" || bare == "1";
    tree_config.worktree = config("core.worktree");
    auto tree = find_work_tree(given, m_git_dir, m_common_dir, tree_config);
    (tree.is_outside ? m_outside_work_dir : m_work_dir) = std::move(tree.path);
}

std::optional<std::string> Repository::config(const std::string& key) const
{
    const auto at = m_config.find(key);
    return at == m_config.end() ? std::nullopt : std::optional(at->second);
}

bool Repository::has_promisor_remote() const
{
    if (m_config.contains("extensions.partialclone")) {
        return true;
    }
    return std::any_of(m_config.begin(), m_config.end(), [](const auto& entry) {
        return entry.first.starts_with("remote.") && entry.first.ends_with(".promisor") && entry.second != "false";
    });
}

std::optional<std::string> Repository::remote_url(const std::string& head_branch) const
{
    constexpr std::string_view heads = "refs/heads/";
    if (head_branch.starts_with(heads)) {
        if (const auto remote = config("branch." + head_branch.substr(heads.size()) + ".remote")) {
            if (auto url = config("remote." + *remote + ".url")) {
                return url;
            }
        }
    }
    if (auto url = config("remote.origin.url")) {
        return url;
    }
    std::optional<std::string> only;
    for (const auto& [key, value] : m_config) {
        if (key.starts_with("remote.") && key.ends_with(".url")) {
            if (only) {
                return std::nullopt;
            }
            only = value;
        }
    }
    return only;
}

std::vector<fs::path> Repository::own_folders() const
{
    std::vector<fs::path> folders;
    for (const auto& path : {m_git_dir, m_common_dir, m_found_in}) {
        std::error_code error;
        if (!path.empty()) {
            folders.push_back(fs::weakly_canonical(path, error));
        }
    }
    return folders;
}

std::vector<ObjectId> Repository::shallow_boundary(Problems& problems) const
{
    std::vector<ObjectId> ids;
    const auto text = read_small_file(m_common_dir / "shallow");
    if (!text) {
        if (text.error().code() != ErrorCode::not_found) {
            problems.add("unreadable shallow file", text.error().message());
        }
        return ids;
    }
    for (std::size_t begin = 0; begin < text->size();) {
        const auto end = std::min(text->find('\n', begin), text->size());
        if (const auto id = ObjectId::from_hex(std::string_view(*text).substr(begin, end - begin))) {
            ids.push_back(*id);
        }
        begin = end + 1;
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

IndexNames Repository::index_names(Problems& problems) const
{
    std::vector<fs::path> folders = {m_git_dir};
    const auto worktrees = linked_worktrees(m_common_dir);
    if (!worktrees) {
        problems.add("unreadable index", worktrees.error().message(), "run r8scan as a user who may read the whole repository");
    }
    for (const auto& name : worktrees ? *worktrees : std::vector<std::string>()) {
        folders.push_back(m_common_dir / "worktrees" / name);
    }
    folders.push_back(m_common_dir);
    std::sort(folders.begin() + 1, folders.end());
    folders.erase(std::remove(folders.begin() + 1, folders.end(), m_git_dir), folders.end());

    IndexNames names;
    for (const auto& folder : folders) {
        const auto index = IndexFile::open(folder / "index", folder, m_hash);
        if (!index) {
            problems.add("unreadable index", index.error().message(), "run `git reset` to write it anew");
            continue;
        }
        for (const auto& entry : index->entries()) {
            names.paths.emplace(entry.path);
            if (!entry.is_gitlink() && !entry.is_tree() && !entry.intent_to_add) {
                names.blobs.try_emplace(entry.id, entry.path);
            }
        }
        if (const auto same = index->unchanged(); !same) {
            problems.add("changed while read", same.error().message(), "scan again when nothing writes to the index");
        }
    }
    return names;
}

Result<std::vector<std::string>> Repository::tracked_paths() const
{
    const auto index = IndexFile::open(m_git_dir / "index", m_git_dir, m_hash);
    if (!index) {
        return index.error();
    }
    std::vector<std::string> paths;
    for (const auto& entry : index->entries()) {
        paths.emplace_back(entry.path);
    }
    if (auto same = index->unchanged(); !same) {
        return same.error();
    }
    std::sort(paths.begin(), paths.end());
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    return paths;
}

}  // namespace r8scan::git
