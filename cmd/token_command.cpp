#include "cmd/token_command.h"

#include "cmd/exit_code.h"
#include "cmd/message.h"

namespace r8scan::cmd {

Result<TokenCommand> read_token_command(const TypedOptions& typed, const Environment& environment)
{
    if (!typed.arguments.empty()) {
        return Error(ErrorCode::usage, typed.command +
                                           " takes no arguments, since other processes see them: give tokens on "
                                           "standard input or by --token-file");
    }
    Result<ActionPlan> plan = read_action_plan(typed);
    if (!plan) {
        return plan.error();
    }
    const Result<TokenReportOptions> report = read_token_report_options(typed);
    if (!report) {
        return report.error();
    }
    TokenCommand command{std::move(*plan), *report, {}};
    command.plan.environment = environment;
    if (const TypedValue* const file = typed.last("token-file")) {
        command.token_file = file->text;
    }
    return command;
}

int run_token_command(const TypedOptions& typed, const Environment& environment,
                      const std::function<Result<int>(TokenCommand&)>& command)
{
    Result<TokenCommand> read = read_token_command(typed, environment);
    const Result<int> code = read ? command(*read) : Result<int>(read.error());
    if (!code) {
        say(code.error().message());
        return exit_usage;
    }
    return *code;
}

}  // namespace r8scan::cmd
