// What `r8scan verify` and `r8scan revoke` do alike: they are told of tokens by a file or by standard input, never by
// their arguments, and what keeps them from working is wrong usage.
#pragma once

#include "cmd/action_plan.h"
#include "cmd/token_report.h"

#include <functional>

namespace r8scan::cmd {

/// The rule that tokens count for which no rule found.
inline constexpr const char* rule_of_given_tokens = "replicate-api-token";

struct TokenCommand {
    ActionPlan plan;
    TokenReportOptions report;
    std::string token_file;  // empty: standard input
};

/// Errors are ErrorCode::usage.
Result<TokenCommand> read_token_command(const TypedOptions& typed, const Environment& environment);

/// Reads the options, runs the command, and says what went wrong. Gives the exit code.
int run_token_command(const TypedOptions& typed, const Environment& environment,
                      const std::function<Result<int>(TokenCommand&)>& command);

}  // namespace r8scan::cmd
