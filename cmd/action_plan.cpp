#include "cmd/action_plan.h"

#include "cmd/typed_values.h"

#include <fmt/format.h>

#include <charconv>

namespace r8scan::cmd {
namespace {

Result<void> read_timeout(const TypedOptions& typed, ActionPlan& plan)
{
    const TypedValue* const value = typed.last("deliver-timeout");
    if (value == nullptr) {
        return {};
    }
    constexpr unsigned longest = 24 * 3600;
    unsigned seconds = 0;
    const char* const end = value->text.data() + value->text.size();
    const auto [stop, error] = std::from_chars(value->text.data(), end, seconds);
    if (error != std::errc() || stop != end || seconds > longest) {
        return wrong_value(*value, fmt::format("is no time: give seconds, 0 to {}", longest));
    }
    plan.deliver_timeout = std::chrono::seconds(seconds);
    return {};
}

Result<void> read_fail_on(const TypedOptions& typed, ActionPlan& plan)
{
    static constexpr std::array<Word<bool>, 2> words{{{"any", false}, {"active", true}}};
    const TypedValue* const value = typed.last("fail-on");
    if (value == nullptr) {
        return {};
    }
    const Result<bool> on_active = choice(*value, words);
    if (!on_active) {
        return on_active.error();
    }
    plan.fail_on_active = *on_active;
    return {};
}

void read_text(const TypedOptions& typed, std::string_view name, std::string& text)
{
    if (const TypedValue* const value = typed.last(name)) {
        text = value->text;
    }
}

}  // namespace

Result<ActionPlan> read_action_plan(const TypedOptions& typed)
{
    ActionPlan plan;
    plan.callbacks = typed.callbacks;
    for (const Result<void>& done : {read_flags(typed, {{"verify", &plan.verify},
                                                        {"revoke", &plan.revoke},
                                                        {"yes", &plan.yes},
                                                        {"dry-run", &plan.dry_run},
                                                        {"allow-plain-http", &plan.allow_plain_http}}),
                                     read_timeout(typed, plan), read_fail_on(typed, plan)}) {
        if (!done) {
            return done.error();
        }
    }
    read_text(typed, "api-base", plan.api_base);
    read_text(typed, "outbox", plan.outbox);
    if (const auto specs = typed.values.find("on-finding"); specs != typed.values.end()) {
        for (const TypedValue& value : specs->second) {
            plan.on_finding.push_back(value.text);
        }
    }
    for (const std::string_view hook : {"staged", "push", "receive", "message"}) {
        plan.is_hook = plan.is_hook || typed.command == hook;
    }
    if (plan.revoke && plan.is_hook) {
        return Error(ErrorCode::usage,
                     fmt::format("--revoke does not apply to \"{}\": a hook never revokes", typed.command));
    }
    if (plan.revoke && plan.dry_run) {
        return Error(ErrorCode::usage, "--revoke and --dry-run exclude each other: give one of them");
    }
    return plan;
}

}  // namespace r8scan::cmd
