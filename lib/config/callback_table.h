// One [[callback]] table of the user's file, checked: which keys its kind has, and what goes together.
#pragma once

#include "config/callback_settings.h"
#include "util/toml_reader.h"

#include <filesystem>

namespace r8scan::config {

/// Mistakes go to the reader. Relative paths start in `folder`; no name may be one of the `earlier` ones.
CallbackSettings read_callback(const toml::table& table, const std::filesystem::path& folder,
                               const std::vector<CallbackSettings>& earlier, TomlReader& toml);

}  // namespace r8scan::config
