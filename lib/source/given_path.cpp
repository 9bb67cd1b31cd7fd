#include "source/given_path.h"

#include "util/file.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace r8scan::source {

namespace fs = std::filesystem;

namespace {

std::string tidy(std::string path)
{
    while (path.size() > 1 && path.ends_with('/')) {
        path.pop_back();
    }
    while (path.starts_with("./")) {
        path.erase(0, std::min(path.find_first_not_of('/', 1), path.size()));
    }
    return path == "." ? "" : path;
}

Error nothing_there(const fs::path& path)
{
    struct stat link {};
    const bool is_link = ::lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode);
    return {ErrorCode::not_found,
            quoted(path) + (is_link ? ": a symbolic link that leads nowhere" : ": no such file or folder")};
}

}  // namespace

const char* words_for_special(unsigned mode)
{
    return S_ISFIFO(mode)                   ? "a pipe"
           : S_ISSOCK(mode)                 ? "a socket"
           : S_ISCHR(mode) || S_ISBLK(mode) ? "a device"
                                            : "neither a file nor a folder";
}

Result<GivenPath> look_at(const fs::path& path)
{
    if (path.empty()) {
        return Error(ErrorCode::usage, "a path is empty: name a file or a folder");
    }
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        const int error = errno;
        const bool nothing = error == ENOENT || error == ENOTDIR || error == ELOOP;
        return nothing ? nothing_there(path) : system_error(path, error);
    }
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
        return Error(ErrorCode::usage, quoted(path) + ": " + words_for_special(status.st_mode) +
                                           ", no file or folder: r8scan stdin < PATH reads it");
    }
    GivenPath given{tidy(path.native()), {}, S_ISDIR(status.st_mode), static_cast<std::uint64_t>(status.st_size)};
    std::error_code error;
    given.real = fs::canonical(path, error).native();
    if (error) {
        given.real.clear();
    }
    return given;
}

}  // namespace r8scan::source
