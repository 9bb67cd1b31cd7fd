#include "cmd/outbox_command.h"

#include "action/courier.h"
#include "cmd/actions.h"
#include "cmd/callbacks.h"
#include "cmd/carrier.h"
#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/outbox_report.h"
#include "cmd/plan.h"
#include "cmd/print.h"
#include "cmd/signals.h"
#include "engine/token_reader.h"
#include "util/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace r8scan::cmd {
namespace {

using action::Entry;
using action::EntryState;

constexpr std::array<std::string_view, 4> words{"list", "deliver", "retry", "drop"};

Error usage(std::string message)
{
    return {ErrorCode::usage, std::move(message)};
}

Result<void> check_words(const std::vector<std::string>& arguments)
{
    const std::string_view what = arguments.empty() ? std::string_view() : arguments.front();
    if (what.empty()) {
        return usage("outbox needs a word more: r8scan outbox list, deliver, retry ID or drop ID");
    }
    if (std::find(words.begin(), words.end(), what) == words.end()) {
        const auto meant = nearest(what, words);
        return usage(meant ? fmt::format("outbox knows no \"{}\": did you mean \"{}\"?", what, *meant)
                           : fmt::format("outbox knows list, deliver, retry ID and drop ID, not \"{}\"", what));
    }
    const bool takes_id = what == "retry" || what == "drop";
    if (arguments.size() != (takes_id ? 2U : 1U)) {
        return usage(
            takes_id ? fmt::format(
                           "outbox {0} needs the id of one event: r8scan outbox {0} ID, as r8scan outbox list shows it",
                           what)
                     : fmt::format("unexpected argument \"{}\" after \"outbox {}\"", arguments[1], what));
    }
    return {};
}

std::string text_of(const std::vector<Entry>& entries, bool json)
{
    std::string text;
    for (const Entry& entry : entries) {
        text += json ? entry_json(entry) : entry_text(entry);
    }
    return text;
}

/// Of one run of the command.
class OutboxCommand {
public:
    OutboxCommand(const TypedOptions& typed, const Environment& environment)
        : m_typed(typed), m_environment(environment)
    {
    }

    Result<int> run()
    {
        if (auto checked = check_words(m_typed.arguments); !checked) {
            return checked.error();
        }
        auto plan = read_action_plan(m_typed);
        auto json = plan ? asks_for_json() : Result<bool>(plan.error());
        if (!json) {
            return json.error();
        }
        m_plan = std::move(*plan);
        m_plan.environment = m_environment;
        m_json = *json;
        auto outbox = open_outbox(m_plan);
        if (!outbox) {
            return outbox.error();
        }
        m_outbox = std::move(*outbox);
        const std::string& what = m_typed.arguments.front();
        return what == "list" ? list() : what == "deliver" ? deliver(std::nullopt) : what == "retry" ? retry() : drop();
    }

private:
    Result<bool> asks_for_json() const
    {
        const TypedValue* const format = m_typed.last("format");
        if (format == nullptr || format->text == "text") {
            return false;
        }
        if (format->text == "jsonl" || format->text == "json") {
            return true;
        }
        return usage(
            fmt::format("{}: \"{}\" is no format of the outbox: give text or jsonl", format->origin, format->text));
    }

    Result<int> list()
    {
        const auto entries = m_outbox->list();
        if (!entries) {
            return entries.error();
        }
        return print(entries->empty() && !m_json ? "the outbox is empty\n" : text_of(*entries, m_json));
    }

    Result<Entry> named() { return m_outbox->find(m_typed.arguments[1]); }

    Result<int> retry()
    {
        const auto entry = named();
        if (!entry) {
            return entry.error();
        }
        const auto due = m_outbox->retry(entry->event.event_id);
        if (!due) {
            return due.error();
        }
        if (auto reopened = m_outbox->reopen(due->callback, true); !reopened) {
            return reopened.error();
        }
        return deliver(std::vector<std::string>{due->event.event_id});
    }

    Result<int> drop()
    {
        const auto entry = named();
        const auto dropped = entry ? m_outbox->drop(entry->event.event_id) : entry;
        return dropped ? Result<int>(print(text_of({*dropped}, m_json))) : dropped.error();
    }

    /// The callbacks that are configured; one that cannot be made is named, and what waits for it stays.
    Result<std::vector<action::Receiver>> receivers(const std::atomic<bool>* stop)
    {
        const auto all = callback_settings(m_plan);
        if (!all) {
            return all.error();
        }
        std::vector<action::Receiver> made;
        for (const config::CallbackSettings& settings : *all) {
            auto receiver = make_receiver(settings, network_options(m_plan, stop), m_environment);
            if (receiver) {
                made.push_back(std::move(*receiver));
            } else {
                say(receiver.error().message());
            }
        }
        return made;
    }

    Result<int> deliver(const std::optional<std::vector<std::string>>& ids)
    {
        Control control;
        const StopOnSignal stop_on_signal(control);
        const auto made = receivers(&control.stop);
        auto detection = made ? plan_detection(m_typed) : Result<DetectionOptions>(made.error());
        if (!detection) {
            return detection.error();
        }
        TokenReader reader(std::move(*detection));
        std::vector<std::shared_ptr<action::Callback>> callbacks;
        for (const action::Receiver& receiver : *made) {
            callbacks.push_back(receiver.callback);
        }
        action::CourierOptions options;
        options.threads = std::max<unsigned>(options.threads, static_cast<unsigned>(callbacks.size()));
        options.attempt_timeout = m_plan.deliver_timeout;
        options.source = &reader;
        options.stop = &control.stop;
        action::Courier courier(*m_outbox, callbacks, options);
        const auto entries = deliver_in_order(courier, *made, ids);
        if (!entries) {
            return entries.error();
        }
        const auto delivered = std::count_if(entries->begin(), entries->end(),
                                             [](const Entry& entry) { return entry.state == EntryState::delivered; });
        const auto left = std::count_if(entries->begin(), entries->end(),
                                        [](const Entry& entry) { return entry.state == EntryState::pending; });
        name_unknown_callbacks(*entries, callbacks);
        std::string text = text_of(*entries, m_json);
        if (!m_json) {
            text += fmt::format("{} delivered, {} pending\n", delivered, left);
        }
        const int printed = print(text);
        return printed != exit_clean || left == 0 ? printed : exit_undelivered;
    }

    /// These events, or all that are pending: revocations first, so that a notice says what came of them, and who was
    /// told too early that a token is not disabled is told anew.
    Result<std::vector<Entry>> deliver_in_order(action::Courier& courier, const std::vector<action::Receiver>& made,
                                                const std::optional<std::vector<std::string>>& ids)
    {
        auto first = ids ? Result<std::vector<std::string>>(*ids) : pending_ids(true);
        auto entries = first ? courier.deliver({std::move(*first), true, std::nullopt})
                             : Result<std::vector<Entry>>(first.error());
        if (!entries) {
            return entries;
        }
        const auto corrections = m_outbox->correct_notices([&](const std::string& callback, action::Event& event) {
            const auto receiver = std::find_if(made.begin(), made.end(), [&](const action::Receiver& one) {
                return one.callback->name() == callback && one.notice;
            });
            receiver == made.end() ? action::Notice().write(event) : receiver->notice->write(event);
        });
        if (!corrections) {
            return corrections.error();
        }
        auto second = ids ? Result<std::vector<std::string>>(std::vector<std::string>()) : pending_ids(false);
        if (!second) {
            return second.error();
        }
        for (const Entry& correction : *corrections) {
            if (ids) {
                second->push_back(correction.event.event_id);
            }
        }
        auto more = courier.deliver({std::move(*second), true, std::nullopt});
        if (!more) {
            return more;
        }
        std::move(more->begin(), more->end(), std::back_inserter(*entries));
        return entries;
    }

    /// Of the pending events those of the stage revoke, or the others; oldest first.
    Result<std::vector<std::string>> pending_ids(bool to_revoke) const
    {
        const auto pending = m_outbox->list(EntryState::pending);
        if (!pending) {
            return pending.error();
        }
        std::vector<std::string> ids;
        for (const Entry& entry : *pending) {
            if ((entry.event.stage == action::Stage::revoke) == to_revoke) {
                ids.push_back(entry.event.event_id);
            }
        }
        return ids;
    }

    static void name_unknown_callbacks(const std::vector<Entry>& entries,
                                       const std::vector<std::shared_ptr<action::Callback>>& made)
    {
        std::vector<std::string> named;
        for (const Entry& entry : entries) {
            const bool known =
                std::any_of(made.begin(), made.end(), [&](const auto& one) { return one->name() == entry.callback; });
            if (!known && entry.state == EntryState::pending &&
                std::find(named.begin(), named.end(), entry.callback) == named.end()) {
                named.push_back(entry.callback);
                say(fmt::format(
                    "no callback is named \"{}\" now: what waits for it stays (configure it, or name it with "
                    "--on-finding as then)",
                    entry.callback));
            }
        }
    }

    const TypedOptions& m_typed;
    const Environment& m_environment;
    ActionPlan m_plan;
    bool m_json = false;
    std::unique_ptr<action::Outbox> m_outbox;
};

}  // namespace

int run_outbox(const TypedOptions& typed, const Environment& environment)
{
    const Result<int> code = OutboxCommand(typed, environment).run();
    if (!code) {
        say(code.error().message());
        return exit_usage;
    }
    return *code;
}

}  // namespace r8scan::cmd
