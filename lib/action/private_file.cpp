#include "action/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

namespace r8scan::action {

namespace fs = std::filesystem;

namespace {

constexpr mode_t private_folder = 0700;
constexpr mode_t private_mode = 0600;
constexpr mode_t for_others = 0077;

// A name is durable once its folder is.
Result<void> sync_folder(const fs::path& folder)
{
    const UniqueFd opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() < 0 || (::fsync(opened.get()) != 0 && errno != EINVAL)) {
        return system_error(folder, errno);
    }
    return {};
}

fs::path folder_of(const fs::path& file)
{
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

Result<void> write_all(int fd, std::string_view bytes, const fs::path& file)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return system_error(file, errno);
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::fsync(fd) == 0 ? Result<void>() : system_error(file, errno);
}

}  // namespace

Result<void> make_private_folder(const fs::path& folder)
{
    std::vector<fs::path> missing;
    std::error_code error;
    for (fs::path at = folder; !at.empty() && !fs::exists(at, error); at = at.parent_path()) {
        if (error) {
            return system_error(at, error.value());
        }
        if (at.has_filename()) {  // "a/b/" is "a/b"
            missing.push_back(at);
        }
        if (at == at.parent_path()) {
            break;
        }
    }
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
        if (::mkdir(at->c_str(), private_folder) != 0 && errno != EEXIST) {
            return system_error(*at, errno);
        }
        if (auto synced = sync_folder(folder_of(*at)); !synced) {
            return synced;
        }
    }
    return {};
}

Result<void> make_private_file(const fs::path& file)
{
    const UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, private_mode));
    if (fd.get() >= 0) {
        return sync_folder(folder_of(file));
    }
    struct stat status {};
    if (errno != EEXIST || ::stat(file.c_str(), &status) != 0) {
        return system_error(file, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return Error(ErrorCode::unsupported, quoted(file) + ": not a regular file");
    }
    if (status.st_uid != ::geteuid()) {
        return Error(ErrorCode::permission, quoted(file) + ": belongs to another user");
    }
    if ((status.st_mode & for_others) != 0 && ::chmod(file.c_str(), private_mode) != 0) {
        return system_error(file, errno);
    }
    return {};
}

Result<void> write_new_private_file(const fs::path& file, std::string_view bytes)
{
    std::string name = file.native() + ".XXXXXX";
    const UniqueFd fd(::mkstemp(name.data()));
    if (fd.get() < 0) {
        return system_error(file, errno);
    }
    Result<void> done = write_all(fd.get(), bytes, file);
    // A link, unlike a rename, does not replace what another process has put there meanwhile.
    if (done && ::link(name.c_str(), file.c_str()) != 0) {
        done =
            errno == EEXIST ? Error(ErrorCode::limit, quoted(file) + ": is there already") : system_error(file, errno);
    }
    (void)::unlink(name.c_str());
    return done ? sync_folder(folder_of(file)) : done;
}

}  // namespace r8scan::action
