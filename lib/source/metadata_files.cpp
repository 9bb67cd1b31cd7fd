#include "source/metadata_files.h"

#include "util/file.h"

#include <algorithm>
#include <system_error>

namespace r8scan::source {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t deepest = 4096;

struct Folder {
    fs::path path;
    std::string name;  // below the git folder, with a slash behind; empty for the git folder
    std::size_t depth = 0;
};

bool is_index(const std::string& name)
{
    return name == "index" || name.starts_with("sharedindex.") || name.ends_with("/index");
}

// `name` is below the common folder.
MetadataRole role_of(std::string_view name)
{
    if (name.starts_with("lfs/objects/")) {
        return MetadataRole::lfs_object;
    }
    constexpr std::string_view worktrees = "worktrees/";
    if (name.starts_with(worktrees)) {
        name.remove_prefix(std::min(name.find('/', worktrees.size()), name.size() - 1) + 1);
    }
    if (name == "packed-refs" || name == "HEAD" || name.starts_with("refs/")) {
        return MetadataRole::ref_names;
    }
    if (name.starts_with("logs/")) {
        return MetadataRole::reflog;
    }
    return name.starts_with("reftable/") ? MetadataRole::reftable : MetadataRole::other;
}

bool is_absent(const std::error_code& error)
{
    return error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
}

// Sets the error only where that cannot be told.
bool is_git_folder(const fs::path& path, std::error_code& error)
{
    for (const char* part : {"objects", "HEAD"}) {
        const auto status = fs::symlink_status(path / part, error);
        if (error && !is_absent(error)) {
            return false;
        }
        error.clear();
        if (!fs::exists(status)) {
            return false;
        }
    }
    return fs::is_directory(fs::symlink_status(path / "objects", error));
}

class Lister {
public:
    Lister(const std::string& prefix, Problems& problems, Problems& unopened)
        : m_prefix(prefix), m_problems(problems), m_unopened(unopened)
    {
    }

    MetadataFiles list(const fs::path& git_dir)
    {
        m_open.push_back({git_dir, "", 0});
        while (!m_open.empty()) {
            const auto folder = std::move(m_open.back());
            m_open.pop_back();
            list_folder(folder);
        }
        std::sort(m_result.files.begin(), m_result.files.end(),
                  [](const MetadataFile& a, const MetadataFile& b) { return a.name < b.name; });
        std::sort(m_result.modules.begin(), m_result.modules.end());
        return std::move(m_result);
    }

private:
    void list_folder(const Folder& folder)
    {
        std::error_code error;
        fs::directory_iterator at(folder.path, error);
        for (; !error && at != fs::directory_iterator(); at.increment(error)) {
            take(folder, *at);
        }
        // Folders of a repository that is in use come and go.
        if (error && !is_absent(error)) {
            name_unreadable("unreadable folder", folder.path, error);
        }
    }

    void name_unreadable(const char* reason, const fs::path& path, const std::error_code& error)
    {
        m_problems.add(reason, r8scan::quoted(path) + ": " + error.message(),
                       error == std::errc::permission_denied ? "run r8scan as a user who may read the whole repository" : "");
    }

    void take(const Folder& folder, const fs::directory_entry& entry)
    {
        const auto name = folder.name + entry.path().filename().native();
        std::error_code error;
        const auto status = entry.symlink_status(error);
        if (error) {
            if (!is_absent(error)) {
                name_unreadable("unreadable file", entry.path(), error);
            }
        } else if (fs::is_directory(status)) {
            if (name == "objects") {
                return;
            }
            const bool is_module = name.starts_with("modules/") && is_git_folder(entry.path(), error);
            if (error) {
                name_unreadable("unreadable folder", entry.path(), error);
            } else if (is_module) {
                m_result.modules.push_back(entry.path());
            } else if (folder.depth == deepest) {
                m_problems.add("unreadable folder", r8scan::quoted(entry.path()) + ": nested too deeply");
            } else {
                m_open.push_back({entry.path(), name + '/', folder.depth + 1});
            }
        } else if (fs::is_symlink(status)) {
            m_result.files.push_back({entry.path(), m_prefix + name, true, MetadataRole::other});
        } else if (!fs::is_regular_file(status)) {
            m_unopened.add("not a regular file", r8scan::quoted(entry.path()));
        } else if (!is_index(name)) {
            m_result.files.push_back({entry.path(), m_prefix + name, false, role_of(name)});
        }
    }

    const std::string& m_prefix;
    Problems& m_problems;
    Problems& m_unopened;
    std::vector<Folder> m_open;
    MetadataFiles m_result;
};

}  // namespace

MetadataFiles list_metadata(const fs::path& git_dir, const std::string& prefix, Problems& problems, Problems& unopened)
{
    return Lister(prefix, problems, unopened).list(git_dir);
}

}  // namespace r8scan::source
