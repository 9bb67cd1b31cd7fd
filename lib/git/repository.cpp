#include "git/repository.h"

#include "git/index_file.h"
#include "git/work_tree.h"
#include "util/file.h"

#include <git2.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

namespace {

// libgit2 counts its initialisations; this keeps it for the life of the process, as its options are global anyway.
void initialise_libgit2()
{
    static const bool done = [] {
        git_libgit2_init();
        git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
        // Only the repository's own configuration counts: what the user set for git is not about this repository.
        for (const auto level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL}) {
            git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
        }
        return true;
    }();
    (void)done;
}

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
using ConfigIteratorHandle = std::unique_ptr<git_config_iterator, Release<git_config_iterator_free>>;

std::string libgit2_message()
{
    const auto* error = git_error_last();
    return error != nullptr && error->message != nullptr ? error->message : "unknown error";
}

// A path without the slash that libgit2 puts behind folders.
fs::path folder(std::string text)
{
    while (text.size() > 1 && text.back() == '/') {
        text.pop_back();
    }
    return text;
}

// libgit2 opens these files without asking what they are, and would wait for ever on a FIFO.
Result<void> check_regular(const fs::path& dir)
{
    for (const char* name : {"HEAD", "config", "packed-refs", "commondir", "config.worktree", "index", "shallow"}) {
        std::error_code error;
        const auto status = fs::status(dir / name, error);
        if (fs::exists(status) && !fs::is_regular_file(status)) {
            return Error(ErrorCode::damaged, quoted(dir / name) + ": not a regular file");
        }
    }
    return {};
}

// The common folder of a linked worktree, or the git folder itself.
Result<fs::path> common_dir_of(const fs::path& git_dir)
{
    auto text = read_small_file(git_dir / "commondir", 1U << 16U);
    if (!text) {
        return text.error().code() == ErrorCode::not_found ? Result<fs::path>(git_dir) : text.error();
    }
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) {
        text->pop_back();
    }
    const fs::path named(*text);
    return (named.is_absolute() ? named : git_dir / named).lexically_normal();
}

// A .git that is a file names the folder that is meant; says so where that is not there.
Result<void> check_gitfile(const fs::path& path)
{
    const auto target = gitfile_target(path);
    if (!target) {
        return {};
    }
    return Error(ErrorCode::not_found, quoted(path) + " names " + quoted(*target) + ", which is no repository");
}

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
            return Error(ErrorCode::permission, quoted(at) + ": permission denied");
        }
    }
    return {};
}

}  // namespace

Result<Repository> Repository::open(const fs::path& given, const fs::path& git_dir)
{
    const auto& path = git_dir.empty() ? given : git_dir;
    initialise_libgit2();
    if (auto allowed = check_permission(path); !allowed) {
        return allowed.error();
    }
    git_buf found = GIT_BUF_INIT;
    const int discovered = git_repository_discover(&found, path.c_str(), 0, nullptr);
    Repository repository;
    if (discovered == 0) {
        repository.m_git_dir = folder(found.ptr);
    }
    git_buf_dispose(&found);
    if (discovered != 0) {
        if (auto followed = check_gitfile(path / ".git"); !followed) {
            return followed.error();
        }
        return Error(ErrorCode::not_found, quoted(path) + ": not a git repository, nor inside one");
    }
    const auto common = common_dir_of(repository.m_git_dir);
    if (!common) {
        return common.error();
    }
    repository.m_common_dir = *common;
    for (const auto& dir : {repository.m_git_dir, repository.m_common_dir}) {
        if (auto regular = check_regular(dir); !regular) {
            return regular.error();
        }
    }
    if (auto read = repository.read_config(); !read) {
        return read.error();
    }
    repository.find_work_dir(given);

    git_repository* raw = nullptr;
    const int opened =
        git_repository_open_ext(&raw, repository.m_git_dir.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
    const RepositoryHandle handle(raw);
    if (opened == 0) {
        return repository;
    }
    const auto version = repository.config("core.repositoryformatversion").value_or("0");
    if (version != "0" && version != "1") {
        return Error(ErrorCode::unsupported, quoted(repository.m_git_dir) + ": repository format version " + version +
                                                 " is not known: " + libgit2_message());
    }
    return repository;
}

Result<void> Repository::read_config()
{
    const auto path = m_common_dir / "config";
    if (auto read = read_config_file(path); !read) {
        return read;
    }
    // What each working tree has for itself comes after, and wins.
    if (config("extensions.worktreeconfig").value_or("false") != "false") {
        if (auto read = read_config_file(m_git_dir / "config.worktree"); !read) {
            return read;
        }
    }
    const auto hash = this->config("extensions.objectformat").value_or("sha1");
    if (hash == "sha256") {
        m_hash = HashAlgorithm::sha256;
    } else if (hash != "sha1") {
        return Error(ErrorCode::unsupported, quoted(path) + ": object format \"" + hash + "\" is not known");
    }
    m_ref_storage = this->config("extensions.refstorage").value_or("files");
    return {};
}

Result<void> Repository::read_config_file(const fs::path& path)
{
    std::error_code error;
    if (!fs::exists(path, error)) {
        return {};  // git reads such a repository with its defaults, and so do we
    }
    git_config* raw = nullptr;
    if (git_config_open_ondisk(&raw, path.c_str()) != 0) {
        return Error(ErrorCode::damaged, quoted(path) + ": " + libgit2_message());
    }
    const ConfigHandle config(raw);
    git_config_iterator* raw_iterator = nullptr;
    if (git_config_iterator_new(&raw_iterator, raw) != 0) {
        return Error(ErrorCode::damaged, quoted(path) + ": " + libgit2_message());
    }
    const ConfigIteratorHandle iterator(raw_iterator);
    git_config_entry* entry = nullptr;
    while (git_config_next(&entry, raw_iterator) == 0) {
        m_config[entry->name] = entry->value != nullptr ? entry->value : "true";
    }
    return {};
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
    for (const auto& path : {m_git_dir, m_common_dir, m_work_dir}) {
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
    std::error_code error;
    fs::directory_iterator worktree(m_common_dir / "worktrees", error);
    for (; !error && worktree != fs::directory_iterator(); worktree.increment(error)) {
        folders.push_back(worktree->path());
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
    std::sort(paths.begin(), paths.end());
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    return paths;
}

}  // namespace r8scan::git
