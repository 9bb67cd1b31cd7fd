#include "util/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace r8scan {

UniqueFd::~UniqueFd()
{
    if (m_fd >= 0) {
        ::close(m_fd);
    }
}

std::string quoted(const std::filesystem::path& path)
{
    return '"' + path.native() + '"';
}

Error system_error(const std::filesystem::path& path, int error_number)
{
    auto code = ErrorCode::io;
    if (error_number == ENOENT || error_number == ENOTDIR) {
        code = ErrorCode::not_found;
    } else if (error_number == EACCES || error_number == EPERM) {
        code = ErrorCode::permission;
    }
    return {code, quoted(path) + ": " + std::generic_category().message(error_number)};
}

Result<OpenFile> open_regular(const std::filesystem::path& path)
{
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (fd.get() < 0) {
        return system_error(path, errno);
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) {
        return system_error(path, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return Error(ErrorCode::unsupported, quoted(path) + ": not a regular file");
    }
    return OpenFile{std::move(fd), static_cast<std::uint64_t>(status.st_size),
                    static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino)};
}

Result<std::string> read_small_file(const std::filesystem::path& path, std::size_t limit)
{
    auto file = open_regular(path);
    if (!file) {
        return file.error();
    }
    std::string text;
    char block[65536];
    for (;;) {
        const ssize_t got = ::read(file->fd.get(), block, sizeof block);
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            return system_error(path, errno);
        }
        if (got == 0) {
            if (text.size() < file->size) {
                return Error(ErrorCode::damaged, quoted(path) + ": changed while it was read");
            }
            return text;
        }
        text.append(block, static_cast<std::size_t>(got));
        if (text.size() > limit) {
            return Error(ErrorCode::limit, quoted(path) + ": larger than " + std::to_string(limit) + " bytes");
        }
    }
}

}  // namespace r8scan
