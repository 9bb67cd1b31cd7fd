#include "cmd/range_commands.h"

#include "cmd/exit_code.h"
#include "cmd/git_environment.h"
#include "cmd/message.h"
#include "cmd/ref_updates.h"
#include "cmd/scan_command.h"
#include "cmd/temporary_clone.h"

#include <unistd.h>

#include <cerrno>

namespace r8scan::cmd {
namespace {

/// All of standard input; a hook gets a line for each ref.
Result<std::string> read_lines()
{
    constexpr std::size_t most = 64U << 20U;
    std::string text;
    if (isatty(STDIN_FILENO) == 1) {
        return text;
    }
    char block[65536];
    for (;;) {
        const ssize_t got = ::read(STDIN_FILENO, block, sizeof block);
        if (got == 0 || (got < 0 && errno == EBADF)) {
            return text;
        }
        if (got < 0 && errno != EINTR) {
            return Error(ErrorCode::usage, "standard input cannot be read");
        }
        text.append(block, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (text.size() > most) {
            return Error(ErrorCode::usage, "standard input is no list of refs: it is too long");
        }
    }
}

int scan(const RangePlan& plan, const Terminal& terminal)
{
    return run_scan(plan, terminal, [&](Sink& sink, Control& control) {
        return scan_where_it_is(plan.scan, control,
                                [&](const RangeScanOptions& options) { return scan_range(options, sink, control); });
    });
}

int wrong(const Error& error)
{
    say(error.message());
    return exit_usage;
}

}  // namespace

int run_range(RangePlan& plan, const Terminal& terminal, const Environment& environment)
{
    if (plan.scan.repository == ".") {
        plan.scan.places = git_places(environment);
    }
    return scan(plan, terminal);
}

int run_push(RangePlan& plan, const Terminal& terminal, const Environment& environment)
{
    plan.scan.places = git_places(environment);
    plan.scan.exclude_may_be_missing = true;  // what the other side has need not be here
    const Result<std::string> lines = read_lines();
    if (!lines) {
        return wrong(lines.error());
    }
    if (const Result<void> added = add_pushed(*lines, plan.scan); !added) {
        return wrong(added.error());
    }
    const char* const from = environment("PRE_COMMIT_FROM_REF");
    const char* const to = environment("PRE_COMMIT_TO_REF");
    if (lines->empty() && to != nullptr) {
        plan.scan.include.emplace_back(to);
        if (from != nullptr && *from != 0) {
            plan.scan.exclude.emplace_back(from);
        }
    }
    if (plan.remote.empty()) {
        const char* const remote = environment("PRE_COMMIT_REMOTE_NAME");
        plan.remote = remote != nullptr ? remote : "";
    }
    if (!plan.remote.empty()) {
        plan.scan.exclude_refs.push_back("refs/remotes/" + plan.remote + '/');
    }
    return scan(plan, terminal);
}

int run_receive(RangePlan& plan, const Terminal& terminal, const Environment& environment)
{
    plan.scan.places = git_places(environment);
    const Result<std::string> lines = read_lines();
    if (!lines) {
        return wrong(lines.error());
    }
    if (const Result<void> added = add_received(*lines, plan.scan); !added) {
        return wrong(added.error());
    }
    plan.scan.marks_at_head_only = true;          // and a push does not allow itself anything
    plan.scan.exclude_refs = {"refs/", "HEAD"};  // what is here already is not new
    return scan(plan, terminal);
}

}  // namespace r8scan::cmd
