// HttpCallback: sends events as POST requests, signed by Standard Webhooks where there is a key.
//
// The body is the event, or the array that code hosts send to the issuers of tokens
// (https://docs.github.com/code-security/secret-scanning/secret-scanning-partner-program), so that an issuer's receiver
// takes it as it is. 2xx is success, and a verdict in the answer is read; 410 stops the endpoint; all else is a
// failure.
#pragma once

#include "action/callback.h"
#include "action/http_client.h"
#include "action/signature.h"

#include <memory>
#include <optional>

namespace r8scan::action {

struct HttpCallbackOptions {
    std::string name;
    Stage stage = Stage::notify;
    std::string url;
    bool needs_secret = false;
    bool allow_private = false;                        // the name may lead to a private address
    bool partner_format = false;                       // holds the token, so needs_secret is required
    std::optional<Secret> key;                         // "whsec_…" or "whsk_…"; nothing: not signed
    std::optional<std::chrono::milliseconds> timeout;  // of one attempt
};

class HttpCallback : public Callback {
public:
    static Result<std::unique_ptr<HttpCallback>> make(HttpCallbackOptions options, const NetworkOptions& network);

    [[nodiscard]] const std::string& name() const override { return m_options.name; }
    [[nodiscard]] Stage stage() const override { return m_options.stage; }
    [[nodiscard]] bool needs_secret() const override { return m_options.needs_secret; }
    Attempt deliver(const Event& event, Deadline deadline) override;

    /// What an answer means.
    static Attempt judge(const HttpResponse& response);

private:
    HttpCallback(HttpCallbackOptions options, HttpClient client, std::optional<Signer> signer);

    HttpCallbackOptions m_options;
    HttpClient m_client;
    std::optional<Signer> m_signer;
};

/// `[{"token","type","url","source"}]` for one token.
[[nodiscard]] Secret to_partner_json(const Event& event);

}  // namespace r8scan::action
