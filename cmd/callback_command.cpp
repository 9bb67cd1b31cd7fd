#include "cmd/callback_command.h"

#include "action/exposure.h"
#include "cmd/actions.h"
#include "cmd/callbacks.h"
#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/print.h"
#include "cmd/signals.h"
#include "util/bytes.h"
#include "util/escape.h"
#include "util/hash.h"
#include "util/random_bytes.h"
#include "util/star_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace r8scan::cmd {
namespace {

using config::CallbackKind;
using config::CallbackSettings;
using config::CallbackStage;

const char* word_of(CallbackStage stage)
{
    return stage == CallbackStage::verify ? "verify" : stage == CallbackStage::revoke ? "revoke" : "notify";
}

const char* word_of(CallbackKind kind)
{
    switch (kind) {
        case CallbackKind::exec:
            return "exec";
        case CallbackKind::http:
            return "http";
        case CallbackKind::plugin:
            return "plugin";
        case CallbackKind::smtp:
            break;
    }
    return "smtp";
}

std::string list_of(const std::vector<CallbackSettings>& all)
{
    std::string text;
    for (const CallbackSettings& settings : all) {
        std::string line = fmt::format("{}: {} by {} to {}", settings.name, word_of(settings.stage),
                                       word_of(settings.kind), destination_of(settings));
        if (!settings.only.empty()) {
            line += fmt::format("; only {}", fmt::join(settings.only, ", "));
        }
        line += settings.needs_secret ? "; gets the token" : "; gets no token";
        text += escape_for_terminal(star_tokens(line)) + '\n';
    }
    return text.empty() ? "no callbacks: [[callback]] tables in the configuration, or --on-finding, name some\n" : text;
}

/// In the shape of a token and random, so that it is nobody's.
Secret made_up_token()
{
    constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    constexpr std::size_t length = 37;
    std::array<std::byte, length> random{};
    (void)fill_with_random(random);  // no secret hangs on it
    std::string text = "r8_";
    for (const std::byte byte : random) {
        text += digits[std::to_integer<std::size_t>(byte) % digits.size()];
    }
    return Secret(text);
}

action::Event made_up_event(const CallbackSettings& settings, action::Stage stage)
{
    Finding finding;
    finding.rule = "replicate-api-token";
    finding.secret = std::make_shared<Secret>(made_up_token());
    finding.token_sha256 = sha256_hex(as_bytes(finding.secret->reveal()));
    finding.kind = "blob";
    finding.path = "a test of this callback, nothing was found";
    finding.date = action::rfc3339_now();
    const Finding* const found = &finding;
    action::Event event;
    event.stage = stage;
    event.rule = finding.rule;
    event.token = *finding.secret;
    event.token_sha256 = finding.token_sha256;
    event.redacted = finding.secret->redacted();
    event.event_id = action::event_id(finding.token_sha256, settings.name, stage);
    event.exposure = action::exposure_of({&found, 1}, "unknown");
    event.run_id = "test";
    return event;
}

Result<int> test(const CallbackSettings& settings, const ActionPlan& plan)
{
    Control control;
    const StopOnSignal stop_on_signal(control);
    const Result<action::Receiver> receiver =
        make_receiver(settings, network_options(plan, &control.stop), plan.environment);
    if (!receiver) {
        return receiver.error();
    }
    action::Callback& callback = *receiver->callback;
    action::Event event = made_up_event(settings, callback.stage());
    if (receiver->notice) {
        receiver->notice->write(event);
    }
    const action::Attempt attempt = callback.deliver(event, std::chrono::steady_clock::now() + plan.deliver_timeout);
    const bool delivered = attempt.outcome == action::Attempt::Outcome::delivered;
    const std::string& message = delivered ? attempt.verdict.message : attempt.message;
    const std::string line = fmt::format("{}: {} {}{}{}", settings.name, event.redacted,
                                         delivered ? action::to_string(attempt.verdict.status) : "was not delivered",
                                         message.empty() ? "" : ": ", star_out(message, event.token.reveal()));
    if (const int printed = print(escape_for_terminal(star_tokens(line)) + '\n'); printed != exit_clean) {
        return printed;
    }
    return delivered && attempt.verdict.status != action::Status::failed ? exit_clean : exit_undelivered;
}

Result<int> callback(const TypedOptions& typed, const Environment& environment)
{
    const std::string what = typed.arguments.empty() ? "" : typed.arguments.front();
    const bool tests = what == "test";
    if ((what != "list" && !tests) || typed.arguments.size() != (tests ? 2U : 1U)) {
        return Error(ErrorCode::usage,
                     "callback needs a word more: r8scan callback list, or r8scan callback test NAME");
    }
    Result<ActionPlan> plan = read_action_plan(typed);
    if (!plan) {
        return plan.error();
    }
    plan->environment = environment;
    const Result<std::vector<CallbackSettings>> all = callback_settings(*plan);
    if (!all) {
        return all.error();
    }
    if (!tests) {
        return print(list_of(*all));
    }
    const std::string& name = typed.arguments[1];
    const auto found =
        std::find_if(all->begin(), all->end(), [&](const CallbackSettings& one) { return one.name == name; });
    if (found != all->end()) {
        return test(*found, *plan);
    }
    const Result<CallbackSettings> spec = parse_on_finding(name);
    if (!spec) {
        return Error(ErrorCode::usage,
                     fmt::format("no callback is named \"{}\": r8scan callback list shows them", name));
    }
    return test(*spec, *plan);
}

}  // namespace

int run_callback(const TypedOptions& typed, const Environment& environment)
{
    const Result<int> code = callback(typed, environment);
    if (!code) {
        say(code.error().message());
        return exit_usage;
    }
    return *code;
}

}  // namespace r8scan::cmd
