// Callback: one receiver of events. The kinds (exec, http, smtp, plugin) are its implementations, one a file; the
// built-in verification against the API of Replicate is one too.
//
// A callback delivers and says how it went. It neither retries nor remembers: that is the work of the outbox
// (action/outbox.h) and of who drives it.
#pragma once

#include "action/event.h"

#include <chrono>
#include <string>

namespace r8scan::action {

/// How one attempt to deliver one event ended.
struct Attempt {
    enum class Outcome : std::uint8_t {
        delivered,  // acknowledged; `verdict` holds the answer
        failed,     // may work later: no connection, time-out, 5xx, 429, a handler that broke
        gone,       // the endpoint says that it is no more (HTTP 410): nothing more is sent to it
        refused,    // we do not send this at all: an address that is not allowed, a certificate that does not hold
    };
    Outcome outcome = Outcome::failed;
    Verdict verdict;                                  // of delivered
    std::string message;                              // why not, in one line; redacted, escaped
    std::optional<std::chrono::seconds> retry_after;  // what the receiver asked for
};

class Callback {
public:
    virtual ~Callback() = default;

    /// As configured; names the endpoint in the outbox.
    [[nodiscard]] virtual const std::string& name() const = 0;
    [[nodiscard]] virtual Stage stage() const = 0;
    [[nodiscard]] virtual bool needs_secret() const = 0;
    /// How many deliveries it takes at the same time.
    [[nodiscard]] virtual unsigned at_once() const { return 8; }

    /// Sends one event and waits for the answer, at most until `deadline`. Never throws, never ends the process. May be
    /// called from several threads.
    virtual Attempt deliver(const Event& event, std::chrono::steady_clock::time_point deadline) = 0;
};

}  // namespace r8scan::action
