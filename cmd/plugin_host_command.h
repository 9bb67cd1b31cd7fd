// The hidden command that a plugin's process runs: `r8scan plugin-host FILE`, started by r8scan itself
// (lib/action/plugin_host.h).
#pragma once

#include <string>
#include <vector>

namespace r8scan::cmd {

/// The words that start a plugin's process: this very program, whatever has become of its file meanwhile.
[[nodiscard]] std::vector<std::string> plugin_host_arguments(const std::string& plugin);

[[nodiscard]] bool is_plugin_host(const std::vector<std::string>& words);
int run_plugin_host(const std::vector<std::string>& words);

}  // namespace r8scan::cmd
