#include "cmd/outbox_report.h"

#include "util/escape.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace r8scan::cmd {
namespace {

using action::rfc3339;

std::string standing(const action::Entry& entry)
{
    if (entry.state == action::EntryState::dropped) {
        return entry.message.empty() ? "dropped" : "dropped: " + entry.message;
    }
    if (entry.state == action::EntryState::delivered) {
        const auto& verdict = entry.verdict;
        return fmt::format("delivered {}{}", rfc3339(entry.changed_at),
                           verdict ? fmt::format(", {}{}{}", action::to_string(verdict->status),
                                                 verdict->message.empty() ? "" : ": ", verdict->message)
                                   : "");
    }
    std::string text = "pending";
    if (entry.attempts > 0) {
        text += fmt::format(", {} attempt{} failed", entry.attempts, entry.attempts == 1 ? "" : "s");
    }
    text += entry.next_at ? fmt::format(", due {}", rfc3339(*entry.next_at)) : ", not tried any more by itself";
    return entry.message.empty() ? text : text + ": " + entry.message;
}

}  // namespace

std::string entry_text(const action::Entry& entry)
{
    const action::Event& event = entry.event;
    return escape_for_terminal(fmt::format(
               "{}  {} {} by {}{}: {}", event.event_id, action::to_string(event.stage), event.redacted.substr(0, 8),
               entry.callback, event.exposure.repository.empty() ? "" : " (" + event.exposure.repository + ")",
               standing(entry))) +
           '\n';
}

std::string entry_json(const action::Entry& entry)
{
    const action::Event& event = entry.event;
    nlohmann::ordered_json object;
    object["type"] = "event";
    object["event_id"] = event.event_id;
    object["state"] = action::to_string(entry.state);
    object["stage"] = action::to_string(event.stage);
    object["callback"] = utf8_or_hex(entry.callback);
    object["rule"] = event.rule;
    object["redacted"] = event.redacted;
    object["token_sha256"] = event.token_sha256;
    object["repository"] = utf8_or_hex(event.exposure.repository);
    object["attempts"] = entry.attempts;
    object["next_at"] = entry.next_at ? nlohmann::ordered_json(rfc3339(*entry.next_at)) : nlohmann::ordered_json();
    object["message"] = utf8_or_hex(entry.message);
    object["verdict"] = nullptr;
    if (entry.verdict) {
        object["verdict"] = {{"status", action::to_string(entry.verdict->status)},
                             {"message", utf8_or_hex(entry.verdict->message)}};
    }
    object["recorded_at"] = rfc3339(entry.recorded_at);
    object["changed_at"] = rfc3339(entry.changed_at);
    return escape_json_text(object.dump()) + '\n';
}

}  // namespace r8scan::cmd
