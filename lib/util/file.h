// Reading files without surprises: descriptors that close themselves, and only regular files.
//
// A repository may hold a FIFO or a device where a file belongs. Everything is opened without blocking and refused
// unless it is a regular file.
#pragma once

#include <r8scan/result.h>

#include "util/bytes.h"

#include <filesystem>
#include <utility>
#include <vector>

namespace r8scan {

class UniqueFd {
public:
    UniqueFd() = default;
    explicit UniqueFd(int fd) : m_fd(fd) {}
    UniqueFd(UniqueFd&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    UniqueFd(const UniqueFd&) = delete;
    UniqueFd& operator=(const UniqueFd&) = delete;
    ~UniqueFd();
    [[nodiscard]] int get() const { return m_fd; }
    /// Hands the descriptor over to whoever closes it now.
    int release() { return std::exchange(m_fd, -1); }

private:
    int m_fd = -1;
};

/// A regular file opened for reading, with its size. Errors: not_found, permission, unsupported (not a regular file).
struct OpenFile {
    UniqueFd fd;
    std::uint64_t size = 0;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
};
Result<OpenFile> open_regular(const std::filesystem::path& path);

/// The whole of a small regular file. limit: it is over `limit` bytes. damaged: it shrank while it was read.
Result<std::string> read_small_file(const std::filesystem::path& path, std::size_t limit = 64U << 20U);

/// The path in double quotes, for messages.
std::string quoted(const std::filesystem::path& path);

/// The error that errno stands for, as `"path": what`.
Error system_error(const std::filesystem::path& path, int error_number);

}  // namespace r8scan
