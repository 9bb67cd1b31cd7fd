// The user's own configuration: $XDG_CONFIG_HOME/r8scan/config.toml, or the file of --config.
//
// It may set every option that has an environment variable, under the option's name, and beside them [verify],
// [[callback]] and `accept`. It is trusted: it names programs and addresses. So a mistake in it is an error with file
// and line, and never passed over. What it says yields to the environment and to what is typed; whoever knows the
// options merges them. Keys: README.md, "Configuration".
#pragma once

#include <r8scan/result.h>
#include <r8scan/scan.h>

#include "config/callback_settings.h"

#include <filesystem>
#include <span>
#include <string_view>

namespace r8scan::config {

/// An option that the file may set, as the table of options tells it.
struct KnownOption {
    enum class Kind : std::uint8_t { flag, value, list, only_typed };
    std::string_view name;
    Kind kind = Kind::value;
    bool is_path = false;  // relative ones are meant from the folder of the file
};

/// What the file says of one option: texts as they could have been typed.
struct OptionSetting {
    std::string name;
    std::vector<std::string> values;  // exactly one but for a list
    std::string origin;               // "FILE:LINE"
};

struct UserFile {
    std::vector<OptionSetting> options;
    VerifySettings verify;
    std::vector<CallbackSettings> callbacks;  // in the order of the file
    std::vector<AcceptedObject> accepted;
    bool holds_patterns = false;  // it is a pattern file in the vocabulary of gitleaks, and nothing else was read of it
};

/// `file` names the file in messages and is where relative paths start.
Result<UserFile> parse_user_file(std::string_view text, const std::filesystem::path& file,
                                 std::span<const KnownOption> options);

/// The same for a file on disk, of at most 1 MiB. not_found where there is none.
Result<UserFile> read_user_file(const std::filesystem::path& file, std::span<const KnownOption> options);

/// $XDG_CONFIG_HOME/r8scan/config.toml or ~/.config/r8scan/config.toml, of the variables' values, which may be null;
/// empty where neither is absolute.
[[nodiscard]] std::filesystem::path default_user_file(const char* xdg_config_home, const char* home);

}  // namespace r8scan::config
