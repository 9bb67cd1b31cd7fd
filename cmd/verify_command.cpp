#include "cmd/verify_command.h"

#include "cmd/actions.h"
#include "cmd/callbacks.h"
#include "cmd/exit_code.h"
#include "cmd/print.h"
#include "cmd/signals.h"
#include "cmd/token_command.h"
#include "cmd/token_input.h"
#include "util/bytes.h"
#include "util/hash.h"

namespace r8scan::cmd {
namespace {

/// The user's callbacks of the stage verify, which are asked beside the API.
Result<std::vector<std::shared_ptr<action::Callback>>> configured_verifiers(const ActionPlan& plan,
                                                                            const std::atomic<bool>* stop)
{
    const Result<std::vector<config::CallbackSettings>> all = callback_settings(plan);
    if (!all) {
        return all.error();
    }
    std::vector<std::shared_ptr<action::Callback>> verifiers;
    for (const config::CallbackSettings& settings : *all) {
        if (settings.stage != config::CallbackStage::verify) {
            continue;
        }
        Result<action::Receiver> receiver = make_receiver(settings, network_options(plan, stop), plan.environment);
        if (!receiver) {
            return receiver.error();
        }
        verifiers.push_back(receiver->callback);
    }
    return verifiers;
}

Result<int> verify(TokenCommand& command)
{
    command.plan.verify = true;
    Control control;
    const StopOnSignal stop_on_signal(control);
    auto verifiers = configured_verifiers(command.plan, &control.stop);
    if (!verifiers) {
        return verifiers.error();
    }
    auto verification = Verification::make(command.plan, std::move(*verifiers), &control.stop);
    if (!verification) {
        return verification.error();
    }
    const Result<std::vector<Secret>> tokens = read_tokens(command.token_file);
    if (!tokens) {
        return tokens.error();
    }
    std::vector<action::Event> events;
    for (const Secret& token : *tokens) {
        action::Event event;
        event.rule = rule_of_given_tokens;
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
    if (const int printed = print(token_report(lines, "verification", command.report)); printed != exit_clean) {
        return printed;
    }
    return control.stop ? exit_interrupted : some_unknown ? exit_incomplete : some_active ? exit_found : exit_clean;
}

}  // namespace

int run_verify(const TypedOptions& typed, const Environment& environment)
{
    return run_token_command(typed, environment, verify);
}

}  // namespace r8scan::cmd
