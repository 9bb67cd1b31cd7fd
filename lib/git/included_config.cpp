#include "git/included_config.h"

#include "git/libgit2.h"
#include "util/file.h"

#include <system_error>

namespace r8scan::git {

namespace fs = std::filesystem;

namespace {

// libgit2 looks up "~" of an included file in its search path, which is one for the whole process.
class HomeOfLibgit2 {
public:
    explicit HomeOfLibgit2(const fs::path& home)
    {
        git_buf before = GIT_BUF_INIT;
        if (git_libgit2_opts(GIT_OPT_GET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, &before) == 0 && before.ptr != nullptr) {
            m_before = before.ptr;
        }
        git_buf_dispose(&before);
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, home.c_str());
    }
    ~HomeOfLibgit2()
    {
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, m_before.c_str());
    }
    HomeOfLibgit2(const HomeOfLibgit2&) = delete;
    HomeOfLibgit2& operator=(const HomeOfLibgit2&) = delete;

private:
    Libgit2 m_libgit2;
    std::string m_before;
};

}  // namespace

struct IncludedConfig::State {
    explicit State(const fs::path& folder) : home(folder) {}
    HomeOfLibgit2 home;
    RepositoryHandle repository;  // none where libgit2 does not open it: then no condition holds
};

IncludedConfig::IncludedConfig(const fs::path& git_dir, const fs::path& home) : m_state(std::make_unique<State>(home))
{
    git_repository* raw = nullptr;
    (void)git_repository_open_ext(&raw, git_dir.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
    m_state->repository.reset(raw);
}

IncludedConfig::~IncludedConfig() = default;

Result<std::optional<std::string>> IncludedConfig::value(const fs::path& file, const char* key) const
{
    std::error_code error;
    if (!fs::is_regular_file(file, error)) {
        return std::optional<std::string>();
    }
    git_config* raw = nullptr;
    if (git_config_new(&raw) != 0) {
        return Error(ErrorCode::io, "libgit2 made no configuration");
    }
    const ConfigHandle config(raw);
    if (git_config_add_file_ondisk(raw, file.c_str(), GIT_CONFIG_LEVEL_LOCAL, m_state->repository.get(), 0) != 0) {
        const git_error* const why = git_error_last();
        return Error(ErrorCode::damaged, quoted(file) + ": " + (why != nullptr ? why->message : "cannot be read"));
    }
    git_buf value = GIT_BUF_INIT;
    const int found = git_config_get_string_buf(&value, raw, key);
    std::optional<std::string> text;
    if (found == 0) {
        text.emplace(value.ptr != nullptr ? value.ptr : "");
    }
    git_buf_dispose(&value);
    return text;
}

}  // namespace r8scan::git
