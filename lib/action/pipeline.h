// Pipeline: what happens to a token that was found, between the scan and the reports.
//
//     found -> verify -> revoke -> verify again -> notify
//
// Each step is optional, and each is taken once for a token however many places hold it. The pipeline is a Sink: it
// holds the findings back until the scan is over, walks its steps, writes into each finding what became of its token,
// and hands everything to the reports. How an event travels (with a journal, with retries) is the Carrier's business.
#pragma once

#include <r8scan/scan.h>

#include "action/callback.h"
#include "action/notice.h"
#include "action/verify_queue.h"

#include <functional>
#include <memory>

namespace r8scan::action {

/// A callback and which tokens reach it.
struct Receiver {
    std::shared_ptr<Callback> callback;
    std::vector<Status> only;  // states in which a token was found; empty: all. What was not verified counts as unknown
    std::shared_ptr<const Notice> notice;  // writes the message to the person; null: none is written
};

/// One event on its way to one callback.
struct Outgoing {
    const Receiver* receiver = nullptr;
    Event event;
    const Finding* found = nullptr;  // a place of the token, the first one
};

/// What came of it.
struct Sent {
    enum class State : std::uint8_t { delivered, pending, failed };
    State state = State::failed;
    Verdict verdict;      // of delivered
    std::string message;  // why not; redacted, escaped
};

class Carrier {
public:
    virtual ~Carrier() = default;
    /// Carries all of them and says what came of each, in their order. The error is for what kept all of them from
    /// being sent: nothing is known to have been delivered.
    virtual Result<std::vector<Sent>> carry(const std::vector<Outgoing>& events) = 0;
    /// What was answered to those of the events that an earlier run delivered, told by their ids. Nothing is sent.
    virtual Result<std::vector<std::optional<Verdict>>> answered(const std::vector<Outgoing>& events) = 0;
};

struct PipelineOptions {
    bool revoke = false;      // else callbacks of that stage are told of in words only
    bool dry_run = false;     // so are those of the stage notify
    std::string no_revoking;  // why it is not done, where it never is ("a hook never revokes")
    std::function<bool(const std::vector<Outgoing>&)> ask;  // asked before tokens are revoked; empty: need not be
    bool fail_on_active = false;         // a finding whose token is known to be inactive is no reason for exit code 1
    std::string visibility = "unknown";  // of the repository: "public", "private", "unknown"
    std::string run_id;
    std::vector<std::string> verifiable;      // ids of the rules whose tokens the verifiers know
    const std::atomic<bool>* stop = nullptr;  // may be null
    std::function<void(const char*)> phase;   // told which step is being taken, a static string; may be empty
};

/// What the steps did, for a person at the screen.
struct PipelineReport {
    std::uint64_t delivered = 0;
    std::uint64_t pending = 0;
    std::uint64_t failed = 0;
    std::vector<std::string> lines;  // each a sentence, in the order of the steps

    /// What came of these events, a line for each callback and trouble; messages as they are to be shown.
    void count(const std::vector<Outgoing>& events, const std::vector<Sent>& sent);
    /// That they would be sent, and why they are not.
    void rehearse(const std::vector<Outgoing>& events, const std::string& why);
};

class Pipeline : public Sink {
public:
    /// `verify` may be null: tokens are not verified. `carrier` may be null where there are no receivers, or nothing is
    /// to be sent. All must outlive the pipeline.
    Pipeline(Sink& reports, VerifyQueue* verify, std::vector<Receiver> receivers, Carrier* carrier,
             PipelineOptions options);

    /// A token that the scan just came by: verification starts. May be called from several threads; returns at once.
    void seen(const SeenToken& token) noexcept;

    Result<void> finding(const Finding& finding) override;
    Result<void> summary(const Summary& summary) override;

    /// After summary(): as the reports got it.
    [[nodiscard]] const Summary& final_summary() const { return m_summary; }
    [[nodiscard]] const PipelineReport& report() const { return m_report; }

private:
    /// A token and everything that is known of it.
    struct Token {
        std::vector<std::size_t> findings;
        Status found_as = Status::unknown;  // before anything was done about it
        std::optional<Verdict> verification;
        std::optional<Verdict> revocation;
        bool ended_before = false;    // by an earlier run
        std::string revocation_word;  // a status that no verdict has: "pending"
    };

    void group();
    void verify(const std::vector<Token*>& tokens);
    void recall_revocations();
    void revoke();
    void note_revocation(Token& token, const Sent& sent);
    void verify_again();
    void notify();
    std::vector<Sent> carry(const std::vector<Outgoing>& events);
    [[nodiscard]] Event event_for(const Token& token, Stage stage) const;
    [[nodiscard]] std::vector<std::pair<Token*, Outgoing>> events_for(Stage stage);
    [[nodiscard]] bool is_verifiable(std::string_view rule) const;
    [[nodiscard]] bool stopped() const { return m_options.stop != nullptr && *m_options.stop; }
    void enter(const char* phase) const;
    void write_into_findings();
    void settle_exit_code();

    Sink& m_reports;
    VerifyQueue* m_verify;
    std::vector<Receiver> m_receivers;
    Carrier* m_carrier;
    PipelineOptions m_options;
    std::vector<Finding> m_findings;
    std::map<std::string, Token> m_tokens;  // by hash, so that the order of sending is always the same
    Summary m_summary;
    PipelineReport m_report;
};

}  // namespace r8scan::action
