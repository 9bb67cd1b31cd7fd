// Outbox: the journal of what was to be sent, what was sent and what was answered. At least once, nothing lost.
//
// One SQLite database (https://sqlite.org/wal.html) that every run of r8scan shares. An event is durable in it before
// its first byte is sent, and its outcome before anybody is told of it, so a process may be killed at any moment: what
// was sent but not yet recorded is sent again under the same id, and what is recorded as delivered never is.
// A token is not stored. What must have it later is kept as a place to read it from again (action/token_source.h), or,
// where there is none, sealed (action/sealed_token.h).
// All members may be called from several threads, and several processes may have the same file open.
#pragma once

#include "action/event.h"
#include "action/token_source.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

namespace r8scan::action {

using WallTime = std::chrono::system_clock::time_point;

struct OutboxOptions {
    std::filesystem::path file;
    std::filesystem::path key_file;  // seals tokens; must not lie in the folder of `file`
    std::function<WallTime()> now;   // the system's clock where none is given
    std::function<double()> random;  // from 0 up to 1, for the jitter; the system's where none is given
};

/// An event to be recorded. Its id is made here, by token, callback and stage.
struct NewEvent {
    Event event;
    std::string callback;  // its name, which is the name of the endpoint
    bool needs_secret = false;
    std::string api_base;             // of the API that the token belongs to
    std::optional<TokenPlace> place;  // where it can be read again; nothing: it is sealed if it is needed
};

enum class EntryState : std::uint8_t {
    pending,    // to be sent, or sent and not yet acknowledged
    delivered,  // acknowledged; never sent again
    dropped,    // given up by a person; never sent unless a person says so
};

[[nodiscard]] const char* to_string(EntryState state);

/// One event as the journal has it.
struct Entry {
    Event event;  // without the token
    std::string callback;
    EntryState state = EntryState::pending;
    unsigned attempts = 0;            // that ended; one cut off by our own death is none
    std::optional<WallTime> next_at;  // of a pending one; nothing: the schedule is at its end, a person has to ask
    std::string message;              // why the last attempt failed
    std::optional<Verdict> verdict;   // of a delivered one
    bool needs_secret = false;
    std::string api_base;
    std::optional<TokenPlace> place;
    bool sealed = false;
    WallTime recorded_at;
    WallTime changed_at;
};

/// What came of claiming an event.
struct Claim {
    bool taken = false;  // it is this process's now; else it is not pending any more, or another one has it
    Entry entry;         // as it is now
};

/// What is known of an endpoint. Five failures in a row open its circuit: for a while nothing is sent to it.
struct Endpoint {
    unsigned failures = 0;               // in a row
    std::optional<WallTime> not_before;  // nothing is sent to it earlier
    std::string stopped;  // why nothing is sent to it at all until a person asks; empty: it is not stopped
};

/// A failed attempt, as the schedule takes it.
struct Failure {
    std::string message;  // redacted and escaped: it is shown as it is
    std::optional<std::chrono::seconds>
        retry_after;          // the receiver asked for this; it lives, so the circuit stays closed
    bool gone = false;        // the endpoint says that it is no more: it is stopped
    bool of_endpoint = true;  // false: the endpoint was not asked, as when the token is gone
};

/// Puts the words of a notice into an event, for the callback of that name.
using NoticeWriter = std::function<void(const std::string& callback, Event& event)>;

class Outbox {
public:
    /// Makes the file (0600) and its folders (0700) where they are not there. The error says what to do.
    static Result<std::unique_ptr<Outbox>> open(OutboxOptions options);
    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    /// Records events, all or none, durable when it returns; gives each as the journal has it then, in the same order.
    /// An event that is there already stays as it is, delivered ones with their verdict; but of a pending one the place
    /// is renewed. A notice about a repository that no notice of that token to that callback named is a new event, and
    /// so is one that says that the token is disabled where the earlier one said that it is not.
    Result<std::vector<Entry>> record(const std::vector<NewEvent>& events);

    /// Records what a person has to be told anew: for each notice that says that a token is not disabled, sent or
    /// waiting, and whose token was since, as the outbox knows, one notice more; the waiting one is given up for it.
    /// Gives those that are new. May be called again and again: what it does follows from what the outbox holds.
    Result<std::vector<Entry>> correct_notices(const NoticeWriter& write);

    /// All events, or those of one state, oldest first.
    Result<std::vector<Entry>> list(std::optional<EntryState> state = std::nullopt) const;

    /// The one event whose id begins so. not_found where there is none, usage where there are several.
    Result<Entry> find(std::string_view id) const;

    /// Takes a pending event for this process, so that no other sends it until it is settled or released or this
    /// process ends, however it ends.
    Result<Claim> claim(const std::string& id);

    /// Ends an attempt on a claimed event; durable when it returns. Gives the event as it is now.
    Result<Entry> settle_delivered(const std::string& id, const Verdict& verdict);
    Result<Entry> settle_failed(const std::string& id, const Failure& failure);

    /// Gives a claimed event back as if it had not been tried.
    Result<void> release(const std::string& id);

    /// The token of an event that is stored sealed.
    Result<Secret> unseal(const std::string& id) const;

    Result<Endpoint> endpoint(const std::string& callback) const;
    /// Forgets the failures of an endpoint and, where `stop_too`, that it said it is no more.
    Result<void> reopen(const std::string& callback, bool stop_too);

    /// Makes an event due now, a dropped one too; usage where it is delivered.
    Result<Entry> retry(const std::string& id);
    /// Gives a pending event up; usage where it is delivered.
    Result<Entry> drop(const std::string& id);

private:
    struct State;
    explicit Outbox(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// $XDG_STATE_HOME/r8scan/outbox.db, else below ~/.local/state; and the key's file, $XDG_DATA_HOME/r8scan/outbox.key,
/// else below ~/.local/share. `home` and the others may be null; usage where nothing says where.
Result<std::filesystem::path> default_outbox_file(const char* xdg_state_home, const char* home);
Result<std::filesystem::path> default_key_file(const char* xdg_data_home, const char* home);

/// How long after its nth failure (from 1) an event is tried again, without jitter; nothing after the last.
[[nodiscard]] std::optional<std::chrono::seconds> retry_delay(unsigned failures);

}  // namespace r8scan::action
