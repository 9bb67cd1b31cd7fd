#include "cmd/staged_command.h"

#include "cmd/exit_code.h"
#include "cmd/git_environment.h"
#include "cmd/message.h"
#include "cmd/scan_command.h"
#include "util/file.h"

#include <algorithm>
#include <cstring>

namespace r8scan::cmd {
namespace {

/// Where the text ends that will be recorded: at a line of one comment character and git's scissors.
std::size_t end_of_message(std::string_view text)
{
    constexpr std::string_view scissors = " ------------------------ >8 ------------------------";
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        if (end > begin && text.substr(begin + 1, end - begin - 1) == scissors) {
            return begin;
        }
        begin = end + 1;
    }
    return text.size();
}

}  // namespace

int run_staged(StagedPlan& plan, const Terminal& terminal, const Environment& environment)
{
    plan.scan.places = git_places(environment);
    return run_scan(plan, terminal,
                    [&](Sink& sink, Control& control) { return scan_staged(plan.scan, sink, control); });
}

int run_message(const MessagePlan& plan, const Terminal& terminal)
{
    constexpr std::size_t most = 256U << 20U;
    const Result<std::string> text = read_small_file(plan.file, most);
    if (!text) {
        say(text.error().message());
        return exit_usage;
    }
    std::string_view rest = std::string_view(*text).substr(0, end_of_message(*text));
    const StreamReader read = [&](std::span<std::byte> room) -> Result<std::size_t> {
        const std::size_t size = std::min(room.size(), rest.size());
        std::memcpy(room.data(), rest.data(), size);
        rest.remove_prefix(size);
        return size;
    };
    return run_scan(plan, terminal,
                    [&](Sink& sink, Control& control) { return scan_stream(plan.scan, read, sink, control); });
}

}  // namespace r8scan::cmd
