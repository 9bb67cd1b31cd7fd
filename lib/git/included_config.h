// One key of a configuration file of git and of the files that it includes, for who was asked by a person to look there;
// no scan comes this way (git/config_file reads what a scan needs, and follows nothing).
//
// included_config.cpp has libgit2 do it; in the static build, which has none, included_config_none.cpp reads the one file
// and refuses those that include others.
#pragma once

#include <r8scan/result.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace r8scan::git {

class IncludedConfig {
public:
    /// `git_dir` decides about conditional includes; `home` is what "~" means in one. One at a time in a process.
    IncludedConfig(const std::filesystem::path& git_dir, const std::filesystem::path& home);
    ~IncludedConfig();
    IncludedConfig(const IncludedConfig&) = delete;
    IncludedConfig& operator=(const IncludedConfig&) = delete;

    /// The last value of a key ("core.hookspath"); nothing where it, or the file, is not there.
    [[nodiscard]] Result<std::optional<std::string>> value(const std::filesystem::path& file, const char* key) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace r8scan::git
