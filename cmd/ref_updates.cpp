#include "cmd/ref_updates.h"

#include <fmt/format.h>

#include <algorithm>

namespace r8scan::cmd {
namespace {

bool is_id(std::string_view text)
{
    return (text.size() == 40 || text.size() == 64) &&
           text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

bool is_zero(std::string_view id)
{
    return id.find_first_not_of('0') == std::string_view::npos;
}

/// Both ids of one update, and the name that the ref has or gets over there. Zeros stand for a ref that is not there,
/// before or after.
void add_update(std::string_view from, std::string_view to, std::string_view name, RangeScanOptions& options)
{
    if (is_zero(to)) {
        return;  // a ref is deleted: nothing comes
    }
    options.include.emplace_back(to);
    if (is_zero(from)) {
        options.names.emplace_back(name);
    } else {
        options.exclude.emplace_back(from);
    }
}

template <typename TakeLine>
Result<void> for_each_line(std::string_view lines, std::string_view hook, TakeLine take_line)
{
    for (int number = 1; !lines.empty(); ++number) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        if (!line.empty() && !take_line(line)) {
            return Error(ErrorCode::usage, fmt::format("line {} of standard input is not what git hands to a {} hook", number, hook));
        }
    }
    return {};
}

}  // namespace

Result<void> add_pushed(std::string_view lines, RangeScanOptions& options)
{
    return for_each_line(lines, "pre-push", [&](std::string_view line) {
        const std::size_t third = line.rfind(' ');
        const std::size_t second = third == std::string_view::npos || third == 0 ? third : line.rfind(' ', third - 1);
        const std::size_t first = second == std::string_view::npos || second == 0 ? second : line.rfind(' ', second - 1);
        if (first == std::string_view::npos || second == std::string_view::npos) {
            return false;
        }
        const std::string_view local = line.substr(first + 1, second - first - 1);
        const std::string_view remote = line.substr(third + 1);
        if (!is_id(local) || !is_id(remote)) {
            return false;
        }
        add_update(remote, local, line.substr(second + 1, third - second - 1), options);
        return true;
    });
}

Result<void> add_received(std::string_view lines, RangeScanOptions& options)
{
    return for_each_line(lines, "pre-receive", [&](std::string_view line) {
        const std::size_t first = line.find(' ');
        const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
        if (second == std::string_view::npos) {
            return false;
        }
        const std::string_view from = line.substr(0, first);
        const std::string_view to = line.substr(first + 1, second - first - 1);
        if (!is_id(from) || !is_id(to)) {
            return false;
        }
        add_update(from, to, line.substr(second + 1), options);
        return true;
    });
}

}  // namespace r8scan::cmd
