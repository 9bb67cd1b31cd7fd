#include "cmd/plugin_host_command.h"

#include "action/plugin_host.h"
#include "cmd/exit_code.h"
#include "cmd/message.h"

#include <unistd.h>

namespace r8scan::cmd {
namespace {

constexpr const char* host_command = "plugin-host";

}  // namespace

std::vector<std::string> plugin_host_arguments(const std::string& plugin)
{
    return {"/proc/self/exe", host_command, plugin};
}

bool is_plugin_host(const std::vector<std::string>& words)
{
    return words.size() == 2 && words.front() == host_command;
}

int run_plugin_host(const std::vector<std::string>& words)
{
    const auto served = action::host_plugin(words.back(), STDIN_FILENO, STDOUT_FILENO);
    if (!served) {
        say(served.error().message());
        return exit_usage;
    }
    return exit_clean;
}

}  // namespace r8scan::cmd
