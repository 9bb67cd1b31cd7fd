// Courier: takes pending events of the outbox to their callbacks.
//
// A round is a set of events and a deadline. Threads take what is due, claim it in the outbox, deliver it and settle it
// there, each at its own endpoint's pace: an endpoint that fails, hangs or asks for a pause holds up nobody else. What
// is told to the caller is what the outbox has durably.
#pragma once

#include "action/callback.h"
#include "action/clock.h"
#include "action/outbox.h"

#include <atomic>
#include <map>
#include <memory>

namespace r8scan::action {

struct CourierOptions {
    unsigned threads = 8;
    std::chrono::seconds attempt_timeout{30};   // for one attempt; it may end earlier at the round's deadline
    TokenSource* source = nullptr;              // reads tokens of earlier runs again; may be null
    Clock* clock = nullptr;                     // the system's where none is given
    const std::atomic<bool>* stop = nullptr;    // no attempt starts once it is set; may be null
    std::function<void(const Entry&)> settled;  // told each outcome once it is durable, one at a time; may be empty
};

/// What one round is about.
struct Round {
    std::optional<std::vector<std::string>> ids;  // these events; nothing: all that are pending
    bool at_once = false;                         // each is tried once, now, whatever its schedule says; circuits are
                           // closed first. Else as the schedule says, as far as the deadline allows
    std::optional<std::chrono::milliseconds> timeout;  // of the round; nothing: until everything has been tried
};

class Courier {
public:
    /// The callbacks and the outbox must outlive it. Names of callbacks are distinct.
    Courier(Outbox& outbox, const std::vector<std::shared_ptr<Callback>>& callbacks, CourierOptions options);

    /// A token of this run, so that it need not be read again.
    void know(const std::string& token_sha256, const Secret& token);

    /// Delivers. Gives the events of the round as they are in the outbox afterwards, in the order of `ids`, or oldest
    /// first. The error is for an outbox that cannot be read or written: what was sent meanwhile may be sent again.
    Result<std::vector<Entry>> deliver(const Round& round);

private:
    Outbox& m_outbox;
    std::map<std::string, std::shared_ptr<Callback>> m_callbacks;
    std::map<std::string, Secret> m_known;
    CourierOptions m_options;
};

}  // namespace r8scan::action
