#include "cmd/verify_command.h"

#include "cmd/actions.h"
#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/print.h"
#include "cmd/signals.h"
#include "cmd/token_input.h"
#include "cmd/token_report.h"
#include "cmd/typed_values.h"
#include "util/bytes.h"
#include "util/hash.h"

namespace r8scan::cmd {
namespace {

Result<int> verify(const TypedOptions& typed, const Environment& environment)
{
    if (!typed.arguments.empty()) {
        return Error(ErrorCode::usage,
                     "verify takes no arguments, since other processes see them: give tokens on standard "
                     "input or by --token-file");
    }
    Result<ActionPlan> plan = read_action_plan(typed);
    if (!plan) {
        return plan.error();
    }
    const Result<TokenReportOptions> options = read_token_report_options(typed);
    if (!options) {
        return options.error();
    }
    plan->verify = true;
    plan->environment = environment;
    Control control;
    const StopOnSignal stop_on_signal(control);
    auto verification = Verification::make(*plan, {}, &control.stop);
    if (!verification) {
        return verification.error();
    }
    const TypedValue* const file = typed.last("token-file");
    const Result<std::vector<Secret>> tokens = read_tokens(file != nullptr ? file->text : "");
    if (!tokens) {
        return tokens.error();
    }
    std::vector<action::Event> events;
    for (const Secret& token : *tokens) {
        action::Event event;
        event.rule = "replicate-api-token";
        event.token = token;
        event.token_sha256 = sha256_hex(as_bytes(token.reveal()));
        events.push_back(std::move(event));
    }
    const std::vector<action::Verdict> verdicts = (*verification)->queue().answers(events);
    bool some_active = false;
    bool some_unknown = false;
    std::vector<TokenLine> lines;
    for (std::size_t i = 0; i < events.size(); ++i) {
        some_active = some_active || verdicts[i].status == action::Status::active;
        some_unknown = some_unknown || verdicts[i].status == action::Status::unknown;
        lines.push_back({(*tokens)[i].redacted(), events[i].token_sha256, verdicts[i]});
    }
    if (const int printed = print(token_report(lines, "verification", *options)); printed != exit_clean) {
        return printed;
    }
    return control.stop ? exit_interrupted : some_unknown ? exit_incomplete : some_active ? exit_found : exit_clean;
}

}  // namespace

int run_verify(const TypedOptions& typed, const Environment& environment)
{
    const Result<int> code = verify(typed, environment);
    if (!code) {
        say(code.error().message());
        return exit_usage;
    }
    return *code;
}

}  // namespace r8scan::cmd
