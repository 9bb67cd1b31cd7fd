#include "fail_nth.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OWN_MALLOC 0  // the sanitizer has one: only operator new fails there
#else
#define OWN_MALLOC 1
#endif

namespace r8scan::fault {

namespace {

// Interposed functions have no argument of ours. Nothing here allocates.
constexpr std::size_t most_descriptors = 4096;
std::atomic<bool> g_armed{false};
Kind g_kind = Kind::io;
std::uint64_t g_nth = 0;
std::atomic<std::uint64_t> g_calls{0};
const char* g_folder = "";
Record* g_record = nullptr;
std::array<std::atomic<bool>, most_descriptors> g_ours{};
std::array<std::atomic<DIR*>, 64> g_folders{};

template <typename Function>
Function* real(const char* name)
{
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool counts(bool is_memory)
{
    return g_armed.load(std::memory_order_relaxed) && is_memory == (g_kind != Kind::io);
}

// Whether this call is the one.
bool fails(const char* call, const char* path)
{
    const auto number = g_calls.fetch_add(1) + 1;
    g_record->calls = number;
    const bool hit = g_kind == Kind::memory_from ? number >= g_nth : number == g_nth;
    if (hit && !g_record->fired) {
        g_record->fired = true;
        std::snprintf(g_record->what, sizeof g_record->what, "%s %s", call, path);
    }
    return hit;
}

bool is_below(const char* path)
{
    return path != nullptr && std::strncmp(path, g_folder, std::strlen(g_folder)) == 0;
}

bool is_ours(int fd)
{
    return fd >= 0 && static_cast<std::size_t>(fd) < most_descriptors && g_ours[static_cast<std::size_t>(fd)];
}

bool path_fails(const char* call, const char* path, int dir = AT_FDCWD)
{
    return counts(false) && (is_below(path) || (path != nullptr && path[0] != '/' && is_ours(dir))) &&
           fails(call, path);
}

bool fd_fails(const char* call, int fd)
{
    return counts(false) && is_ours(fd) && fails(call, "");
}

int remember(int fd, const char* path, int dir)
{
    if (fd >= 0 && static_cast<std::size_t>(fd) < most_descriptors && g_armed) {
        g_ours[static_cast<std::size_t>(fd)] = is_below(path) || (path[0] != '/' && is_ours(dir));
    }
    return fd;
}

DIR* remember(DIR* dir, bool ours)
{
    for (auto& slot : g_folders) {
        DIR* empty = nullptr;
        if (dir != nullptr && ours && slot.compare_exchange_strong(empty, dir)) {
            break;
        }
    }
    return dir;
}

bool dir_fails(DIR* dir)
{
    if (counts(false)) {
        for (const auto& slot : g_folders) {
            if (slot == dir) {
                return fails("readdir", "");
            }
        }
    }
    return false;
}

template <typename T>
T with_errno(int number, T value)
{
    errno = number;
    return value;
}

}  // namespace

void arm(Kind kind, std::uint64_t nth, const std::string& folder, Record& record)
{
    g_kind = kind;
    g_nth = nth;
    g_calls = 0;
    g_folder = folder.c_str();
    g_record = &record;
    record = Record{};
    g_armed = true;
}

void disarm()
{
    g_armed = false;
}

}  // namespace r8scan::fault

using namespace r8scan::fault;

// The names of C are given as labels, so that they do not meet the declarations of the headers.
#define SEAM(name) __asm__(#name) __attribute__((used, visibility("default")))

#define SEAM_OPEN(name)                                                      \
    extern "C" int seam_##name(const char* path, int flags, ...) SEAM(name); \
    extern "C" int seam_##name(const char* path, int flags, ...)             \
    {                                                                        \
        va_list list;                                                        \
        va_start(list, flags);                                               \
        const auto mode = (flags & O_CREAT) != 0 ? va_arg(list, mode_t) : 0; \
        va_end(list);                                                        \
        if (path_fails(#name, path)) {                                       \
            return with_errno(EIO, -1);                                      \
        }                                                                    \
        static auto* const next = real<int(const char*, int, ...)>(#name);   \
        return remember(next(path, flags, mode), path, AT_FDCWD);            \
    }
SEAM_OPEN(open)
SEAM_OPEN(open64)

#define SEAM_OPENAT(name)                                                             \
    extern "C" int seam_##name(int dir, const char* path, int flags, ...) SEAM(name); \
    extern "C" int seam_##name(int dir, const char* path, int flags, ...)             \
    {                                                                                 \
        va_list list;                                                                 \
        va_start(list, flags);                                                        \
        const auto mode = (flags & O_CREAT) != 0 ? va_arg(list, mode_t) : 0;          \
        va_end(list);                                                                 \
        if (path_fails(#name, path, dir)) {                                           \
            return with_errno(EIO, -1);                                               \
        }                                                                             \
        static auto* const next = real<int(int, const char*, int, ...)>(#name);       \
        return remember(next(dir, path, flags, mode), path, dir);                     \
    }
SEAM_OPENAT(openat)
SEAM_OPENAT(openat64)

#define SEAM_PATH(name, type, ...)                                          \
    extern "C" int seam_##name(const char* path, type argument) SEAM(name); \
    extern "C" int seam_##name(const char* path, type argument)             \
    {                                                                       \
        if (path_fails(#name, path)) {                                      \
            return with_errno(EIO, -1);                                     \
        }                                                                   \
        static auto* const next = real<int(const char*, type)>(#name);      \
        return next(path, argument);                                        \
    }
SEAM_PATH(stat, void*)
SEAM_PATH(stat64, void*)
SEAM_PATH(lstat, void*)
SEAM_PATH(lstat64, void*)
SEAM_PATH(access, int)

#define SEAM_FSTAT(name)                                         \
    extern "C" int seam_##name(int fd, void* status) SEAM(name); \
    extern "C" int seam_##name(int fd, void* status)             \
    {                                                            \
        if (fd_fails(#name, fd)) {                               \
            return with_errno(EIO, -1);                          \
        }                                                        \
        static auto* const next = real<int(int, void*)>(#name);  \
        return next(fd, status);                                 \
    }
SEAM_FSTAT(fstat)
SEAM_FSTAT(fstat64)

extern "C" ssize_t seam_read(int fd, void* room, size_t size) SEAM(read);
extern "C" ssize_t seam_read(int fd, void* room, size_t size)
{
    if (fd_fails("read", fd)) {
        return with_errno(EIO, -1);
    }
    static auto* const next = real<ssize_t(int, void*, size_t)>("read");
    return next(fd, room, size);
}

#define SEAM_PREAD(name)                                                                      \
    extern "C" ssize_t seam_##name(int fd, void* room, size_t size, off_t offset) SEAM(name); \
    extern "C" ssize_t seam_##name(int fd, void* room, size_t size, off_t offset)             \
    {                                                                                         \
        if (fd_fails(#name, fd)) {                                                            \
            return with_errno(EIO, -1);                                                       \
        }                                                                                     \
        static auto* const next = real<ssize_t(int, void*, size_t, off_t)>(#name);            \
        return next(fd, room, size, offset);                                                  \
    }
SEAM_PREAD(pread)
SEAM_PREAD(pread64)

#define SEAM_MMAP(name)                                                                                          \
    extern "C" void* seam_##name(void* at, size_t size, int rights, int flags, int fd, off_t offset) SEAM(name); \
    extern "C" void* seam_##name(void* at, size_t size, int rights, int flags, int fd, off_t offset)             \
    {                                                                                                            \
        if (fd_fails(#name, fd)) {                                                                               \
            return with_errno(ENOMEM, MAP_FAILED);                                                               \
        }                                                                                                        \
        static auto* const next = real<void*(void*, size_t, int, int, int, off_t)>(#name);                       \
        return next(at, size, rights, flags, fd, offset);                                                        \
    }
SEAM_MMAP(mmap)
SEAM_MMAP(mmap64)

extern "C" int seam_close(int fd) SEAM(close);
extern "C" int seam_close(int fd)
{
    if (is_ours(fd)) {
        g_ours[static_cast<std::size_t>(fd)] = false;
    }
    static auto* const next = real<int(int)>("close");
    return next(fd);
}

extern "C" DIR* seam_opendir(const char* path) SEAM(opendir);
extern "C" DIR* seam_opendir(const char* path)
{
    if (path_fails("opendir", path)) {
        return with_errno(EIO, static_cast<DIR*>(nullptr));
    }
    static auto* const next = real<DIR*(const char*)>("opendir");
    return remember(next(path), is_below(path));
}

extern "C" DIR* seam_fdopendir(int fd) SEAM(fdopendir);
extern "C" DIR* seam_fdopendir(int fd)
{
    if (fd_fails("fdopendir", fd)) {
        return with_errno(EIO, static_cast<DIR*>(nullptr));
    }
    static auto* const next = real<DIR*(int)>("fdopendir");
    return remember(next(fd), is_ours(fd));
}

#define SEAM_READDIR(name)                                       \
    extern "C" void* seam_##name(DIR* dir) SEAM(name);           \
    extern "C" void* seam_##name(DIR* dir)                       \
    {                                                            \
        if (dir_fails(dir)) {                                    \
            return with_errno(EIO, static_cast<void*>(nullptr)); \
        }                                                        \
        static auto* const next = real<void*(DIR*)>(#name);      \
        return next(dir);                                        \
    }
SEAM_READDIR(readdir)
SEAM_READDIR(readdir64)

extern "C" int seam_closedir(DIR* dir) SEAM(closedir);
extern "C" int seam_closedir(DIR* dir)
{
    for (auto& slot : g_folders) {
        DIR* same = dir;
        slot.compare_exchange_strong(same, nullptr);
    }
    static auto* const next = real<int(DIR*)>("closedir");
    return next(dir);
}

extern "C" ssize_t seam_readlink(const char* path, char* room, size_t size) SEAM(readlink);
extern "C" ssize_t seam_readlink(const char* path, char* room, size_t size)
{
    if (path_fails("readlink", path)) {
        return with_errno(EIO, -1);
    }
    static auto* const next = real<ssize_t(const char*, char*, size_t)>("readlink");
    return next(path, room, size);
}

extern "C" ssize_t seam_readlinkat(int dir, const char* path, char* room, size_t size) SEAM(readlinkat);
extern "C" ssize_t seam_readlinkat(int dir, const char* path, char* room, size_t size)
{
    if (path_fails("readlinkat", path, dir)) {
        return with_errno(EIO, -1);
    }
    static auto* const next = real<ssize_t(int, const char*, char*, size_t)>("readlinkat");
    return next(dir, path, room, size);
}

extern "C" char* seam_realpath(const char* path, char* room) SEAM(realpath);
extern "C" char* seam_realpath(const char* path, char* room)
{
    if (path_fails("realpath", path)) {
        return with_errno(EIO, static_cast<char*>(nullptr));
    }
    static auto* const next = real<char*(const char*, char*)>("realpath");
    return next(path, room);
}

#if OWN_MALLOC

extern "C" void* __libc_malloc(size_t size);
extern "C" void* __libc_calloc(size_t count, size_t size);
extern "C" void* __libc_realloc(void* at, size_t size);

extern "C" void* seam_malloc(size_t size) SEAM(malloc);
extern "C" void* seam_malloc(size_t size)
{
    return counts(true) && fails("malloc", "") ? with_errno(ENOMEM, nullptr) : __libc_malloc(size);
}

extern "C" void* seam_calloc(size_t count, size_t size) SEAM(calloc);
extern "C" void* seam_calloc(size_t count, size_t size)
{
    return counts(true) && fails("calloc", "") ? with_errno(ENOMEM, nullptr) : __libc_calloc(count, size);
}

extern "C" void* seam_realloc(void* at, size_t size) SEAM(realloc);
extern "C" void* seam_realloc(void* at, size_t size)
{
    return counts(true) && fails("realloc", "") ? with_errno(ENOMEM, nullptr) : __libc_realloc(at, size);
}

#else

void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    return counts(true) && fails("operator new", "") ? nullptr : std::malloc(size == 0 ? 1 : size);
}
void* operator new[](std::size_t size, const std::nothrow_t& no_throw) noexcept
{
    return operator new(size, no_throw);
}
void* operator new(std::size_t size)
{
    void* const at = operator new(size, std::nothrow);
    if (at == nullptr) {
        throw std::bad_alloc();
    }
    return at;
}
void* operator new[](std::size_t size)
{
    return operator new(size);
}
void operator delete(void* at) noexcept
{
    std::free(at);
}
void operator delete(void* at, const std::nothrow_t&) noexcept
{
    std::free(at);
}
void operator delete[](void* at, const std::nothrow_t&) noexcept
{
    std::free(at);
}
void operator delete(void* at, std::size_t) noexcept
{
    std::free(at);
}
void operator delete[](void* at) noexcept
{
    std::free(at);
}
void operator delete[](void* at, std::size_t) noexcept
{
    std::free(at);
}

#endif
