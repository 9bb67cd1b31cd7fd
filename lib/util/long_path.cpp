#include "util/long_path.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

namespace r8scan {

namespace {

#ifdef O_PATH
constexpr int on_the_way = O_PATH | O_DIRECTORY | O_CLOEXEC;  // asks for no right to list the folder
#else
constexpr int on_the_way = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
#endif

// What is left of a path once it is short enough, and the folder below which that lies.
struct Reached {
    UniqueFd folder;
    std::string rest;
    [[nodiscard]] int fd() const { return folder.get() < 0 ? AT_FDCWD : folder.get(); }
};

Result<Reached> reach(const std::string& path)
{
    Reached reached{{}, path};
    while (reached.rest.size() >= PATH_MAX) {
        const auto cut = reached.rest.rfind('/', PATH_MAX - 2);
        if (cut == std::string::npos || cut == 0) {
            return system_error(path, ENAMETOOLONG);
        }
        UniqueFd next(::openat(reached.fd(), reached.rest.substr(0, cut).c_str(), on_the_way));
        if (next.get() < 0) {
            return system_error(path, errno);
        }
        reached.folder = std::move(next);
        reached.rest.erase(0, cut + 1);
    }
    return reached;
}

}  // namespace

Result<UniqueFd> open_long_path(const std::string& path, int flags)
{
    const auto reached = reach(path);
    if (!reached) {
        return reached.error();
    }
    UniqueFd fd(::openat(reached->fd(), reached->rest.c_str(), flags | O_CLOEXEC));
    if (fd.get() < 0) {
        return system_error(path, errno);
    }
    return fd;
}

Result<std::string> read_link(const std::string& path)
{
    const auto reached = reach(path);
    if (!reached) {
        return reached.error();
    }
    std::string text(256, '\0');
    for (;;) {
        const auto got = ::readlinkat(reached->fd(), reached->rest.c_str(), text.data(), text.size());
        if (got < 0) {
            return system_error(path, errno);
        }
        if (static_cast<std::size_t>(got) < text.size()) {
            text.resize(static_cast<std::size_t>(got));
            return text;
        }
        text.resize(2 * text.size());
    }
}

}  // namespace r8scan
