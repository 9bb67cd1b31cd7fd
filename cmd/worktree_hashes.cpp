#include "cmd/worktree_hashes.h"

#include "util/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace r8scan::cmd {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t max_file_size = 16ULL << 20U;

fs::path top_of(const fs::path& folder)
{
    std::error_code ignored;
    const fs::path start = fs::weakly_canonical(folder, ignored);
    for (fs::path at = start; !at.empty(); at = at.parent_path()) {
        if (fs::exists(at / ".git", ignored)) {
            return at;
        }
        if (at == at.root_path()) {
            break;
        }
    }
    return start;
}

/// The file below the folder, opened for reading; an invalid descriptor where the path leads elsewhere.
UniqueFd open_below(const fs::path& folder, std::string_view path)
{
    UniqueFd at(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    while (at.get() >= 0) {
        const std::size_t slash = path.find('/');
        const std::string name(path.substr(0, slash));
        if (name.empty() || name == "." || name == ".." || name.find('\0') != std::string::npos) {
            return UniqueFd();
        }
        // Without O_NONBLOCK a pipe would wait for a writer.
        const bool is_last = slash == std::string_view::npos;
        UniqueFd next(::openat(at.get(), name.c_str(),
                               O_RDONLY | O_NOFOLLOW | O_CLOEXEC | (is_last ? O_NONBLOCK | O_NOCTTY : O_DIRECTORY)));
        if (is_last) {
            return next;
        }
        at = std::move(next);
        path.remove_prefix(slash + 1);
    }
    return UniqueFd();
}

std::optional<std::string> read_below(const fs::path& folder, std::string_view path)
{
    const UniqueFd file = open_below(folder, path);
    struct stat status {};
    if (file.get() < 0 || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
        static_cast<std::uint64_t>(status.st_size) > max_file_size) {
        return std::nullopt;
    }
    std::string content(static_cast<std::size_t>(status.st_size), '\0');
    std::size_t filled = 0;
    while (filled < content.size()) {
        const ssize_t got = ::read(file.get(), content.data() + filled, content.size() - filled);
        if (got > 0) {
            filled += static_cast<std::size_t>(got);
        } else if (got == 0 || errno != EINTR) {
            break;
        }
    }
    content.resize(filled);
    return content;
}

}  // namespace

WorktreeHashes::WorktreeHashes(const fs::path& folder) : m_top(top_of(folder)) {}

std::optional<std::string> WorktreeHashes::of(std::string_view path, std::uint64_t line)
{
    auto known = m_files.find(path);
    if (known == m_files.end()) {
        const std::optional<std::string> content = read_below(m_top, path);
        known = m_files.emplace(path, content ? report::line_hashes(*content) : std::vector<std::string>()).first;
    }
    const std::vector<std::string>& hashes = known->second;
    return line >= 1 && line <= hashes.size() ? std::optional(hashes[line - 1]) : std::nullopt;
}

}  // namespace r8scan::cmd
