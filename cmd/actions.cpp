#include "cmd/actions.h"

#include "cmd/callbacks.h"
#include "cmd/carrier.h"
#include "cmd/confirm.h"
#include "util/bytes.h"
#include "util/file.h"
#include "util/random_bytes.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <set>

namespace r8scan::cmd {
namespace {

/// Rules whose tokens the API of Replicate knows.
const std::vector<std::string>& verifiable_rules()
{
    static const std::vector<std::string> rules{"replicate-api-token", "replicate-legacy-token"};
    return rules;
}

std::string new_run_id()
{
    std::array<std::byte, 16> bytes{};
    (void)fill_with_random(bytes);  // no secret hangs on it
    return "run_" + to_hex(bytes);
}

/// What the event of a GitHub workflow says of its repository; empty where it says nothing.
std::string visibility_at_github(const Environment& environment)
{
    constexpr std::size_t largest = 32U << 20U;
    const char* const path = environment("GITHUB_EVENT_PATH");
    if (path == nullptr || *path == 0) {
        return "";
    }
    const Result<std::string> text = read_small_file(path, largest);
    const nlohmann::json event = nlohmann::json::parse(text ? *text : "", nullptr, false);
    if (!event.is_object() || !event.contains("repository") || !event["repository"].is_object()) {
        return "";
    }
    const auto is_private = event["repository"].find("private");
    if (is_private == event["repository"].end() || !is_private->is_boolean()) {
        return "";
    }
    return is_private->get<bool>() ? "private" : "public";
}

/// What the CI says of the repository; a host is not asked.
std::string visibility(const Environment& environment)
{
    const char* const gitlab = environment("CI_PROJECT_VISIBILITY");
    const std::string word = gitlab != nullptr ? gitlab : visibility_at_github(environment);
    return word == "public" ? "public" : word == "private" || word == "internal" ? "private" : "unknown";
}

/// At the terminal, before tokens are revoked.
bool ask(const std::vector<action::Outgoing>& events, const std::atomic<bool>& stop)
{
    std::set<std::string> names;
    std::set<std::string> tokens;
    for (const action::Outgoing& outgoing : events) {
        names.insert(outgoing.receiver->callback->name());
        tokens.insert(outgoing.event.token_sha256);
    }
    return confirm(fmt::format("send {} token{} to {} to be revoked? What uses {} stops working at once.",
                               tokens.size(), tokens.size() == 1 ? "" : "s", fmt::join(names, ", "),
                               tokens.size() == 1 ? "it" : "them"),
                   stop);
}

}  // namespace

std::string api_base(const ActionPlan& plan)
{
    if (!plan.api_base.empty()) {
        return plan.api_base;
    }
    const char* const base = plan.environment("REPLICATE_BASE_URL");
    return base != nullptr && *base != 0 ? base : std::string(action::default_api_base);
}

action::NetworkOptions network_options(const ActionPlan& plan, const std::atomic<bool>* stop)
{
    action::NetworkOptions options = action::network_options_from(plan.environment);
    options.allow_plain_http = plan.allow_plain_http;
    options.stop = stop;
    return options;
}

Result<std::unique_ptr<Verification>> Verification::make(const ActionPlan& plan,
                                                         std::vector<std::shared_ptr<action::Callback>> configured,
                                                         const std::atomic<bool>* stop)
{
    auto verification = std::make_unique<Verification>();
    verification->m_verifiers = std::move(configured);
    if (plan.verify) {
        auto verifier = action::ReplicateVerifier::make(api_base(plan), network_options(plan, stop));
        if (!verifier) {
            return verifier.error().within("the address of the API");
        }
        verification->m_verifiers.push_back(std::move(*verifier));
    }
    std::vector<action::Callback*> verifiers;
    for (const auto& verifier : verification->m_verifiers) {
        verifiers.push_back(verifier.get());
    }
    action::VerifyOptions options;
    options.stop = stop;
    options.patience = plan.deliver_timeout;
    verification->m_queue = std::make_unique<action::VerifyQueue>(std::move(verifiers), options);
    return verification;
}

Result<std::vector<config::CallbackSettings>> callback_settings(const ActionPlan& plan)
{
    std::vector<config::CallbackSettings> all = plan.callbacks;
    for (const std::string& spec : plan.on_finding) {
        Result<config::CallbackSettings> settings =
            parse_on_finding(spec, plan.revoke_alone ? config::CallbackStage::revoke : config::CallbackStage::notify);
        if (!settings) {
            return settings.error();
        }
        all.push_back(std::move(*settings));
    }
    std::set<std::string> names;
    for (const config::CallbackSettings& settings : all) {
        if (!names.insert(settings.name).second) {
            return Error(ErrorCode::usage,
                         fmt::format("two callbacks are named \"{}\": give each a name of its own", settings.name));
        }
    }
    return all;
}

Actions::~Actions()
{
    m_control.on_token = {};
    m_control.stop = true;
}

Result<std::unique_ptr<Actions>> Actions::make(const ActionPlan& plan, const Terminal& terminal, Sink& reports,
                                               Control& control, std::function<void()> before_asking)
{
    const Result<std::vector<config::CallbackSettings>> all = callback_settings(plan);
    if (!all) {
        return all.error();
    }
    std::vector<action::Receiver> receivers;
    std::vector<std::shared_ptr<action::Callback>> verifiers;
    bool can_revoke = false;
    for (const config::CallbackSettings& settings : *all) {
        if (plan.revoke_alone && settings.stage == config::CallbackStage::notify) {
            continue;
        }
        Result<action::Receiver> receiver =
            make_receiver(settings, network_options(plan, &control.stop), plan.environment);
        if (!receiver) {
            return receiver.error();
        }
        if (receiver->callback->stage() == action::Stage::verify) {
            verifiers.push_back(receiver->callback);
        } else {
            can_revoke = can_revoke || receiver->callback->stage() == action::Stage::revoke;
            receivers.push_back(std::move(*receiver));
        }
    }
    if (plan.revoke && !can_revoke) {
        return Error(ErrorCode::usage,
                     "--revoke has nobody to send a token to: configure a callback of the stage revoke, or "
                     "give --on-finding revoke=SPEC");
    }
    if (plan.revoke && !plan.yes && !terminal.can_ask) {
        return Error(ErrorCode::usage, "--revoke needs --yes where there is no terminal to ask on");
    }
    const bool verifies = plan.verify || !verifiers.empty();
    if (!verifies && receivers.empty()) {
        return plan.fail_on_active ? Result<std::unique_ptr<Actions>>(Error(
                                         ErrorCode::usage, "--fail-on active says nothing without --verify: give both"))
                                   : std::unique_ptr<Actions>();
    }
    auto actions = std::make_unique<Actions>(control);
    if (verifies) {
        auto verification = Verification::make(plan, std::move(verifiers), &control.stop);
        if (!verification) {
            return verification.error();
        }
        actions->m_verification = std::move(*verification);
    }
    action::PipelineOptions options;
    options.revoke = plan.revoke;
    options.dry_run = plan.dry_run;
    options.no_revoking = plan.is_hook ? "a hook never revokes" : "";
    options.fail_on_active = plan.fail_on_active;
    options.visibility = visibility(plan.environment);
    options.run_id = new_run_id();
    options.verifiable = verifiable_rules();
    options.stop = &control.stop;
    options.phase = [&control](const char* phase) { control.phase = phase; };
    if (!plan.yes) {
        options.ask = [&control, before_asking = std::move(before_asking)](const std::vector<action::Outgoing>& events) {
            if (before_asking) {
                before_asking();
            }
            return ask(events, control.stop);
        };
    }
    actions->m_carrier = make_carrier(plan, api_base(plan), &control.stop);
    actions->m_pipeline =
        std::make_unique<action::Pipeline>(reports, verifies ? &actions->m_verification->queue() : nullptr,
                                           std::move(receivers), actions->m_carrier.get(), std::move(options));
    if (verifies) {
        control.on_token = [pipeline = actions->m_pipeline.get()](const SeenToken& token) { pipeline->seen(token); };
    }
    return actions;
}

}  // namespace r8scan::cmd
