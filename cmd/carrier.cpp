#include "cmd/carrier.h"

#include "action/courier.h"
#include "action/outbox.h"
#include "engine/token_reader.h"

#include <algorithm>
#include <filesystem>
#include <map>

namespace r8scan::cmd {
namespace {

/// That of --outbox, or the usual one.
Result<std::filesystem::path> outbox_file(const ActionPlan& plan)
{
    const auto variable = [&](const char* name) { return plan.environment(name); };
    return plan.outbox.empty() ? action::default_outbox_file(variable("XDG_STATE_HOME"), variable("HOME"))
                               : std::filesystem::path(plan.outbox);
}

/// By the outbox: recorded before it is sent, tried again as far as the time allows, and left there for later
/// otherwise.
class OutboxCarrier : public action::Carrier {
public:
    OutboxCarrier(const ActionPlan& plan, std::string api_base, const std::atomic<bool>* stop)
        : m_plan(plan), m_api_base(std::move(api_base)), m_stop(stop)
    {
    }

    Result<std::vector<action::Sent>> carry(const std::vector<action::Outgoing>& events) override
    {
        if (const Result<void> opened = open(); !opened) {
            return opened.error().within("the outbox");
        }
        std::vector<action::NewEvent> recorded;
        std::vector<std::shared_ptr<action::Callback>> callbacks;
        for (const action::Outgoing& outgoing : events) {
            recorded.push_back(new_event(outgoing));
            if (std::find(callbacks.begin(), callbacks.end(), outgoing.receiver->callback) == callbacks.end()) {
                callbacks.push_back(outgoing.receiver->callback);
            }
        }
        Result<std::vector<action::Entry>> entries = m_outbox->record(recorded);
        if (!entries) {
            return entries.error().within("the outbox");
        }
        action::CourierOptions options;
        options.attempt_timeout =
            std::min(options.attempt_timeout, std::max(m_plan.deliver_timeout, std::chrono::seconds(1)));
        options.stop = m_stop;
        action::Courier courier(*m_outbox, callbacks, std::move(options));
        action::Round round;
        round.ids.emplace();
        for (std::size_t i = 0; i < events.size(); ++i) {
            courier.know(events[i].event.token_sha256, events[i].event.token);
            round.ids->push_back((*entries)[i].event.event_id);
        }
        round.timeout = m_plan.deliver_timeout;
        entries = courier.deliver(round);
        std::string trouble;
        if (!entries) {
            // What was acknowledged before the outbox could not be written any more was acknowledged all the same.
            trouble = entries.error().within("the outbox").message();
            entries = as_they_stand(*round.ids);
            if (!entries) {
                return entries.error().within("the outbox");
            }
        }
        std::vector<action::Sent> sent;
        for (action::Entry& entry : *entries) {
            if (entry.state == action::EntryState::pending && !trouble.empty()) {
                entry.message = trouble;
            }
            sent.push_back(sent_of(std::move(entry)));
        }
        return sent;
    }

    Result<std::vector<std::optional<action::Verdict>>> answered(const std::vector<action::Outgoing>& events) override
    {
        std::vector<std::optional<action::Verdict>> verdicts(events.size());
        const Result<std::filesystem::path> file = outbox_file(m_plan);
        std::error_code ignored;
        if (!m_outbox && file && !std::filesystem::exists(*file, ignored)) {
            return verdicts;  // it is not made for a question
        }
        if (const Result<void> opened = open(); !opened) {
            return opened.error().within("the outbox");
        }
        const Result<std::vector<action::Entry>> delivered = m_outbox->list(action::EntryState::delivered);
        if (!delivered) {
            return delivered.error().within("the outbox");
        }
        std::map<std::string_view, const action::Entry*> by_id;
        for (const action::Entry& entry : *delivered) {
            by_id.emplace(entry.event.event_id, &entry);
        }
        for (std::size_t i = 0; i < events.size(); ++i) {
            const auto known = by_id.find(events[i].event.event_id);
            if (known != by_id.end() && known->second->verdict) {
                verdicts[i] = known->second->verdict;
                if (verdicts[i]->at.empty()) {
                    verdicts[i]->at = action::rfc3339(known->second->changed_at);
                }
            }
        }
        return verdicts;
    }

private:
    Result<void> open()
    {
        if (m_outbox) {
            return {};
        }
        Result<std::unique_ptr<action::Outbox>> opened = open_outbox(m_plan);
        if (!opened) {
            return opened.error();
        }
        m_outbox = std::move(*opened);
        return {};
    }

    Result<std::vector<action::Entry>> as_they_stand(const std::vector<std::string>& ids) const
    {
        std::vector<action::Entry> entries;
        for (const std::string& id : ids) {
            Result<action::Entry> entry = m_outbox->find(id);
            if (!entry) {
                return entry.error();
            }
            entries.push_back(std::move(*entry));
        }
        return entries;
    }

    action::NewEvent new_event(const action::Outgoing& outgoing)
    {
        action::NewEvent event;
        event.event = outgoing.event;
        event.callback = outgoing.receiver->callback->name();
        event.needs_secret = outgoing.receiver->callback->needs_secret();
        event.api_base = m_api_base;
        // What has no place that lasts is sealed.
        if (!m_plan.repository.empty()) {
            event.place = m_reader.place_of(*outgoing.found, m_plan.repository);
        }
        return event;
    }

    static action::Sent sent_of(action::Entry entry)
    {
        action::Sent sent;
        switch (entry.state) {
            case action::EntryState::delivered:
                sent.state = action::Sent::State::delivered;
                sent.verdict = entry.verdict.value_or(action::Verdict());
                break;
            case action::EntryState::pending:
                sent.state = action::Sent::State::pending;
                sent.message = (entry.message.empty() ? "not tried yet" : entry.message) + " (r8scan outbox deliver)";
                break;
            case action::EntryState::dropped:
                sent.message = "it was given up before (r8scan outbox retry " + entry.event.event_id + ")";
                break;
        }
        return sent;
    }

    const ActionPlan& m_plan;
    std::string m_api_base;
    const std::atomic<bool>* m_stop;
    std::unique_ptr<action::Outbox> m_outbox;
    TokenReader m_reader{DetectionOptions{}};
};

}  // namespace

Result<std::unique_ptr<action::Outbox>> open_outbox(const ActionPlan& plan)
{
    const auto variable = [&](const char* name) { return plan.environment(name); };
    action::OutboxOptions options;
    Result<std::filesystem::path> file = outbox_file(plan);
    if (!file) {
        return file.error();
    }
    options.file = std::move(*file);
    Result<std::filesystem::path> key = action::default_key_file(variable("XDG_DATA_HOME"), variable("HOME"));
    if (!key) {
        return key.error();
    }
    options.key_file = std::move(*key);
    return action::Outbox::open(std::move(options));
}

std::unique_ptr<action::Carrier> make_carrier(const ActionPlan& plan, std::string api_base,
                                              const std::atomic<bool>* stop)
{
    return std::make_unique<OutboxCarrier>(plan, std::move(api_base), stop);
}

}  // namespace r8scan::cmd
