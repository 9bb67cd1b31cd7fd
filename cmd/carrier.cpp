#include "cmd/carrier.h"

#include "action/courier.h"
#include "action/outbox.h"
#include "engine/token_reader.h"

#include <algorithm>

namespace r8scan::cmd {
namespace {

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
        if (!entries) {
            return entries.error().within("the outbox");
        }
        std::vector<action::Sent> sent;
        for (action::Entry& entry : *entries) {
            sent.push_back(sent_of(std::move(entry)));
        }
        return sent;
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
    options.file = plan.outbox;
    if (options.file.empty()) {
        Result<std::filesystem::path> usual = action::default_outbox_file(variable("XDG_STATE_HOME"), variable("HOME"));
        if (!usual) {
            return usual.error();
        }
        options.file = std::move(*usual);
    }
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
