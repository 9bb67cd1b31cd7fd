#include "cmd/output_file.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace r8scan::cmd {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t buffer_size = 64U << 10U;

/// Every failure here concerns a place that the user named, whatever the system's reason.
Error cannot_write(const fs::path& path, int error_number)
{
    return system_error(path, error_number).within("write");
}

/// Through symbolic links, so that the file is replaced and not the link. A name that does not exist stays as it is.
fs::path real_place(const fs::path& path)
{
    std::error_code ignored;
    fs::path real = fs::weakly_canonical(path, ignored);
    return ignored || real.empty() ? path : real;
}

/// The mode that a plainly created file would have, or that of the file to be replaced.
mode_t mode_for(const struct stat* existing, bool is_private)
{
    if (is_private) {
        return S_IRUSR | S_IWUSR;
    }
    if (existing != nullptr) {
        return existing->st_mode & 0777U;
    }
    const mode_t mask = umask(0);
    umask(mask);
    return 0666U & ~mask;
}

}  // namespace

std::unique_ptr<OutputFile> OutputFile::standard_output()
{
    return on_descriptor(STDOUT_FILENO, "standard output");
}

std::unique_ptr<OutputFile> OutputFile::on_descriptor(int fd, std::string name)
{
    return std::unique_ptr<OutputFile>(new OutputFile(fd, std::move(name)));
}

Result<std::unique_ptr<OutputFile>> OutputFile::open(const fs::path& path, bool is_private)
{
    struct stat existing {};
    const bool exists = stat(path.c_str(), &existing) == 0;
    if (exists && !S_ISREG(existing.st_mode)) {
        // A device or a pipe cannot be replaced, and a folder gives its own error here.
        const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
        if (fd < 0) {
            return cannot_write(path, errno);
        }
        auto output = on_descriptor(fd, path.string());
        output->m_owned = UniqueFd(fd);
        return output;
    }
    if (exists && access(path.c_str(), W_OK) != 0) {
        return cannot_write(path, errno);
    }
    const fs::path place = real_place(path);
    std::string temporary = (place.parent_path() / ("." + place.filename().string() + ".XXXXXX")).string();
    const int fd = mkostemp(temporary.data(), O_CLOEXEC);
    if (fd < 0) {
        return cannot_write(path, errno);
    }
    auto output = on_descriptor(fd, place.string());
    output->m_owned = UniqueFd(fd);
    output->m_temporary = temporary;
    if (fchmod(fd, mode_for(exists ? &existing : nullptr, is_private)) != 0) {
        return cannot_write(path, errno);
    }
    return output;
}

Result<std::unique_ptr<OutputFile>> OutputFile::append(const fs::path& path)
{
    constexpr mode_t plain = 0666;
    const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, plain);
    if (fd < 0) {
        return cannot_write(path, errno);
    }
    auto output = on_descriptor(fd, path.string());
    output->m_owned = UniqueFd(fd);
    return output;
}

OutputFile::~OutputFile()
{
    if (!m_temporary.empty()) {
        unlink(m_temporary.c_str());
    }
}

Result<void> OutputFile::write(std::string_view bytes)
{
    m_buffer += bytes;
    return m_buffer.size() < buffer_size ? Result<void>() : flush();
}

Result<void> OutputFile::flush()
{
    std::string_view rest = m_buffer;
    while (!rest.empty() && !m_closed_pipe) {
        const ssize_t written = ::write(m_fd, rest.data(), rest.size());
        if (written >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EPIPE) {
            m_closed_pipe = true;
        } else if (errno == EAGAIN) {
            pollfd ready{m_fd, POLLOUT, 0};
            (void)poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            return cannot_write(m_name, errno);
        }
    }
    m_buffer.clear();
    return {};
}

Result<void> OutputFile::commit()
{
    if (Result<void> done = flush(); !done || m_temporary.empty()) {
        return done;
    }
    // Some file systems only say now that a write failed.
    if (fsync(m_fd) != 0 && errno != EINVAL && errno != EROFS) {
        return cannot_write(m_name, errno);
    }
    if (rename(m_temporary.c_str(), m_name.c_str()) != 0) {
        return cannot_write(m_name, errno);
    }
    m_temporary.clear();
    return {};
}

}  // namespace r8scan::cmd
