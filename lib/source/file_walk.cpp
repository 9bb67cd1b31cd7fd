#include "source/file_walk.h"

#include "git/ignore_rules.h"
#include "git/work_tree.h"
#include "source/given_path.h"
#include "source/unreadable.h"
#include "util/long_path.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <system_error>

namespace r8scan::source {

namespace fs = std::filesystem;

namespace {

// Trees of a person's files are far from these; a tree made to hurt is cut here, and named.
constexpr std::size_t deepest = 4096;
constexpr std::size_t longest_path = 64U << 10U;

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};
using FolderHandle = std::unique_ptr<DIR, CloseFolder>;

enum class EntryType : std::uint8_t { file, folder, symlink, special };

struct Entry {
    std::string name;
    EntryType type = EntryType::file;
    std::uint64_t size = 0;

    // Folders sort as if they ended in a slash: then going down in order gives paths in order.
    friend bool operator<(const Entry& a, const Entry& b)
    {
        const auto common = std::min(a.name.size(), b.name.size());
        if (const auto order = a.name.compare(0, common, b.name, 0, common); order != 0) {
            return order < 0;
        }
        return a.character(common) < b.character(common);
    }
    [[nodiscard]] unsigned character(std::size_t at) const
    {
        return at < name.size() ? static_cast<unsigned char>(name[at]) : type == EntryType::folder ? '/' : 0U;
    }
};

EntryType type_of(mode_t mode)
{
    return S_ISREG(mode)   ? EntryType::file
           : S_ISDIR(mode) ? EntryType::folder
           : S_ISLNK(mode) ? EntryType::symlink
                           : EntryType::special;
}

class Walk {
public:
    Walk(const WalkOptions& options, Problems& problems, Problems& unopened)
        : m_options(options), m_problems(problems), m_unopened(unopened)
    {
    }

    Result<WalkResult> run()
    {
        if (m_options.paths.empty()) {
            return Error(ErrorCode::usage, "no file or folder to scan was given");
        }
        for (const auto& path : m_options.paths) {
            if (auto taken = take(path); !taken) {
                return taken.error();
            }
        }
        // Real paths that more than one walk may come to, by the last name in them.
        for (std::size_t i = 0; i < m_given.size() && m_given.size() > 1; ++i) {
            const auto& real = m_given[i].real;
            m_given_by_name[real.substr(real.rfind('/') + 1)].push_back(i);
        }
        for (auto& given : m_given) {
            if (given.listed) {
                continue;
            }
            given.listed = true;
            if (given.is_folder) {
                walk(given);
            } else {
                m_result.list.add_file({given.path, given.size, no_folder, FileKind::given_file});
            }
        }
        return std::move(m_result);
    }

private:
    struct Given : GivenPath {
        bool listed = false;
    };
    struct Frame {
        FolderNumber folder = no_folder;
        std::vector<Entry> entries;
        std::size_t next = 0;
        std::optional<git::IgnoreRules> rules;
    };

    Result<void> take(const fs::path& path)
    {
        auto looked = look_at(path);
        if (!looked) {
            const bool is_mistake =
                looked.error().code() == ErrorCode::usage || looked.error().code() == ErrorCode::not_found;
            if (is_mistake) {
                return looked.error();
            }
            name_unreadable("unreadable file", looked.error(), m_problems);
            return {};
        }
        const bool again = !looked->real.empty() && !m_real_paths.insert(looked->real).second;
        m_given.push_back({std::move(*looked), again});
        return {};
    }

    void walk(const Given& root)
    {
        m_root = &root;
        m_root_folder = m_result.list.add_folder(no_folder, root.path);
        std::vector<Frame> stack;
        enter(m_root_folder, m_options.respect_ignore ? rules_of(root.real) : std::nullopt, stack);
        while (!stack.empty() && !stopped()) {
            auto& frame = stack.back();
            if (frame.next == frame.entries.size()) {
                stack.pop_back();
                continue;
            }
            auto entry = std::move(frame.entries[frame.next++]);
            visit(std::move(entry), stack);
        }
    }

    void visit(Entry entry, std::vector<Frame>& stack)
    {
        const auto& frame = stack.back();
        const auto parent = frame.folder;
        if (entry.name == ".git" && entry.type != EntryType::symlink) {
            const bool is_own = !m_options.repository.empty() && parent == m_root_folder;
            m_result.git_folders += is_own ? 0U : 1U;
            if (entry.type == EntryType::folder) {
                return;  // the text of a file that names one is read like any other
            }
        }
        const bool is_folder = entry.type == EntryType::folder;
        const bool ignored = frame.rules && frame.rules->is_ignored(entry.name, is_folder);
        if (ignored && (!is_folder || !frame.rules->has_tracked(entry.name))) {
            ++(is_folder ? m_result.ignored_folders : m_result.ignored_files);
            return;
        }
        if (was_given(entry, parent)) {
            return;
        }
        if (!is_folder) {
            const auto kind = entry.type == EntryType::symlink ? FileKind::symlink : FileKind::file;
            m_result.list.add_file({std::move(entry.name), entry.size, parent, kind});
            return;
        }
        const auto path = m_result.list.path_in(parent, entry.name);
        if (stack.size() >= deepest || path.size() > longest_path) {
            m_problems.add("folder nested too deeply", r8scan::quoted(path),
                           "change into a folder above it and scan from there");
            return;
        }
        auto rules = frame.rules;
        if (rules) {
            rules = rules->of_subfolder(openable(path), entry.name, ignored);
        }
        enter(m_result.list.add_folder(parent, std::move(entry.name)), std::move(rules), stack);
    }

    // Reads a folder and puts it on the stack. A folder that cannot be read has no entries.
    void enter(FolderNumber folder, std::optional<git::IgnoreRules> rules, std::vector<Frame>& stack)
    {
        Frame frame{folder, {}, 0, std::move(rules)};
        const auto path = m_result.list.path(folder);
        const bool is_root = folder == m_root_folder;
        auto opened = open_long_path(openable(path), O_RDONLY | O_DIRECTORY | O_NONBLOCK | (is_root ? 0 : O_NOFOLLOW));
        if (!opened) {
            return name_unreadable("unreadable folder", opened.error(), m_problems);
        }
        FolderHandle handle(::fdopendir(opened->get()));
        if (!handle) {
            return name_unreadable("unreadable folder", system_error(openable(path), errno), m_problems);
        }
        opened->release();
        bool holds_repository = false;
        for (;;) {
            errno = 0;
            const auto* found = ::readdir(handle.get());
            if (found == nullptr) {
                if (errno != 0) {
                    name_unreadable("unreadable folder", system_error(openable(path), errno), m_problems);
                }
                break;
            }
            const std::string_view name = found->d_name;
            if (name == "." || name == "..") {
                continue;
            }
            holds_repository = holds_repository || name == ".git";
            if (auto entry = entry_of(::dirfd(handle.get()), *found, folder)) {
                frame.entries.push_back(std::move(*entry));
            }
        }
        if (holds_repository && !is_root && !m_options.repository.empty() &&
            git::is_worktree_of(openable(path), m_options.repository)) {
            m_result.other_worktrees.push_back(path);
            return;
        }
        std::sort(frame.entries.begin(), frame.entries.end());
        // A repository inside has its own rules, and none of those around it.
        if (frame.rules && holds_repository && !is_root) {
            frame.rules = rules_of(real_path(path));
        }
        stack.push_back(std::move(frame));
    }

    std::optional<Entry> entry_of(int folder_fd, const dirent& found, FolderNumber folder)
    {
        if (found.d_type == DT_DIR) {
            return Entry{found.d_name, EntryType::folder, 0};
        }
        struct stat status {};
        if (::fstatat(folder_fd, found.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
            name_unreadable("unreadable file", system_error(m_result.list.path_in(folder, found.d_name), errno),
                            m_problems);
            return std::nullopt;
        }
        Entry entry{found.d_name, type_of(status.st_mode), static_cast<std::uint64_t>(status.st_size)};
        if (entry.type == EntryType::special) {
            m_unopened.add("special file", r8scan::quoted(m_result.list.path_in(folder, found.d_name)) + ": " +
                                               words_for_special(status.st_mode));
            return std::nullopt;
        }
        return entry;
    }

    // Whether the entry is listed already because it was given; where it is still to come, this is its place.
    bool was_given(const Entry& entry, FolderNumber parent)
    {
        const auto same_name = m_given_by_name.find(entry.name);
        if (same_name == m_given_by_name.end() || entry.type == EntryType::symlink) {
            return false;
        }
        const auto real = real_path(m_result.list.path_in(parent, entry.name));
        for (const auto number : same_name->second) {
            if (m_given[number].real == real) {
                return std::exchange(m_given[number].listed, true);
            }
        }
        return false;
    }

    // No link is followed below a root, so a real path is the root's and what follows.
    [[nodiscard]] std::string real_path(const std::string& path) const
    {
        auto below = path.substr(m_root->path.size());
        if (m_root->real.ends_with('/') || m_root->path.empty()) {
            below.erase(0, below.find_first_not_of('/'));
        }
        return m_root->real + (m_root->path.empty() && !m_root->real.ends_with('/') ? "/" : "") + below;
    }

    std::optional<git::IgnoreRules> rules_of(const std::string& real_folder)
    {
        auto rules = git::IgnoreRules::of_folder(real_folder);
        if (rules) {
            return std::move(*rules);
        }
        m_result.notes.push_back("ignore rules are not known, so everything was read: " + rules.error().message());
        return std::nullopt;
    }

    [[nodiscard]] bool stopped() const { return m_options.stop != nullptr && *m_options.stop; }

    const WalkOptions& m_options;
    Problems& m_problems;
    Problems& m_unopened;
    std::vector<Given> m_given;
    std::set<std::string> m_real_paths;
    std::map<std::string, std::vector<std::size_t>, std::less<>> m_given_by_name;
    const Given* m_root = nullptr;
    FolderNumber m_root_folder = no_folder;
    WalkResult m_result;
};

}  // namespace

Result<WalkResult> list_files(const WalkOptions& options, Problems& problems, Problems& unopened)
{
    return Walk(options, problems, unopened).run();
}

}  // namespace r8scan::source
