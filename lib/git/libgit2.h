// Handles of libgit2 that free themselves. For the sources of this folder that call it.
#pragma once

#include <git2.h>

#include <memory>

namespace r8scan::git {

template <auto Free>
struct Release {
    template <typename T>
    void operator()(T* handle) const
    {
        Free(handle);
    }
};
using RepositoryHandle = std::unique_ptr<git_repository, Release<git_repository_free>>;
using RemoteHandle = std::unique_ptr<git_remote, Release<git_remote_free>>;
using ConfigHandle = std::unique_ptr<git_config, Release<git_config_free>>;

/// libgit2 in use. It counts how often it was initialised, and looks for the system's certificates at the first alone.
class Libgit2 {
public:
    Libgit2() { git_libgit2_init(); }
    ~Libgit2() { git_libgit2_shutdown(); }
    Libgit2(const Libgit2&) = delete;
    Libgit2& operator=(const Libgit2&) = delete;
};

}  // namespace r8scan::git
