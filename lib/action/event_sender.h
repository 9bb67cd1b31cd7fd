// EventSender: what a courier does with one event. It is claimed in the outbox, given its token, sent, and settled
// there.
#pragma once

#include "action/courier.h"

namespace r8scan::action {

/// How one attempt to send one event ended.
struct SentEvent {
    enum class How : std::uint8_t {
        settled,
        elsewhere,  // another process sends it: what became of it is seen later
        not_tried,  // cut off by the deadline, or not pending any more
    };
    How how = How::not_tried;
    Entry entry;  // as it is in the outbox afterwards
};

/// May be used by several threads.
class EventSender {
public:
    /// `known`: tokens by their hash. Everything must outlive it.
    EventSender(Outbox& outbox, const std::map<std::string, Secret>& known, const CourierOptions& options, Clock& clock)
        : m_outbox(outbox), m_known(known), m_options(options), m_clock(clock)
    {
    }

    /// The error is for an outbox that cannot be read or written.
    Result<SentEvent> send(const std::string& id, Callback& callback, std::chrono::steady_clock::time_point deadline);

private:
    Result<Secret> token_of(const Entry& entry);

    Outbox& m_outbox;
    const std::map<std::string, Secret>& m_known;
    const CourierOptions& m_options;
    Clock& m_clock;
};

}  // namespace r8scan::action
