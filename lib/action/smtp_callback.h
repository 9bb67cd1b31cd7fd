// SmtpCallback: sends the notice as a mail with a text and an HTML part, by a mail server of the user's.
//
// smtps:// is encrypted from the first byte; smtp:// has to become so by STARTTLS (RFC 3207) before anything is said,
// unless the server is on this machine. The mail never holds a token. Its Message-ID is the event's id, so a repeat is
// known.
#pragma once

#include "action/callback.h"
#include "action/transfer.h"

#include <memory>
#include <optional>

namespace r8scan::action {

struct SmtpCallbackOptions {
    std::string name;
    std::string url;              // smtps://host[:port] or smtp://host[:port]
    std::string from;             // mail addresses, without names
    std::vector<std::string> to;  // at least one
    std::string username;         // empty: no login
    std::optional<Secret> password;
    bool start_tls = true;  // of smtp://; false only where the server is on this machine
    bool allow_private = false;
    std::optional<std::chrono::milliseconds> timeout;  // of one attempt
};

class SmtpCallback : public Callback {
public:
    static Result<std::unique_ptr<SmtpCallback>> make(SmtpCallbackOptions options, const NetworkOptions& network);

    [[nodiscard]] const std::string& name() const override { return m_options.name; }
    [[nodiscard]] Stage stage() const override { return Stage::notify; }
    [[nodiscard]] bool needs_secret() const override { return false; }
    Attempt deliver(const Event& event, std::chrono::steady_clock::time_point deadline) override;

private:
    SmtpCallback(SmtpCallbackOptions options, std::shared_ptr<Line> line);
    SmtpCallbackOptions m_options;
    std::shared_ptr<Line> m_line;
};

/// A header value that is ASCII whatever the text is (RFC 2047), on one line.
[[nodiscard]] std::string encoded_header(std::string_view text);

}  // namespace r8scan::action
