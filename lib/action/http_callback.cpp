#include "action/http_callback.h"

#include "util/escape.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ctime>

namespace r8scan::action {
namespace {

Error within_callback(const Error& error, const std::string& name)
{
    return error.within(fmt::format("callback \"{}\"", escape_for_terminal(name)));
}

/// "replicate-api-token" as partners know it.
std::string partner_type(std::string rule)
{
    std::replace(rule.begin(), rule.end(), '-', '_');
    return rule;
}

}  // namespace

Secret to_partner_json(const Event& event)
{
    nlohmann::ordered_json entry;
    entry["token"] = "";
    entry["type"] = utf8_or_hex(partner_type(event.rule));
    entry["url"] = "";
    entry["source"] = "content";
    if (!event.exposure.places.empty()) {
        const EventPlace& place = event.exposure.places.front();
        entry["url"] = utf8_or_hex(place.link);
        entry["source"] = place.kind == "commit" ? "commit" : "content";
    }
    return with_token("[" + entry.dump() + "]", event.token);
}

HttpCallback::HttpCallback(HttpCallbackOptions options, HttpClient client, std::optional<Signer> signer)
    : m_options(std::move(options)), m_client(std::move(client)), m_signer(std::move(signer))
{
}

Result<std::unique_ptr<HttpCallback>> HttpCallback::make(HttpCallbackOptions options, const NetworkOptions& network)
{
    if (options.partner_format && !options.needs_secret) {
        return within_callback(
            Error(ErrorCode::usage, "the format \"partner\" carries the token: say so with needs_secret = true"),
            options.name);
    }
    Result<HttpClient> client = HttpClient::to(options.url, options.allow_private, network);
    if (!client) {
        return within_callback(client.error(), options.name);
    }
    std::optional<Signer> signer;
    if (options.key) {
        Result<Signer> made = Signer::from(options.key->reveal());
        if (!made) {
            return within_callback(made.error(), options.name);
        }
        signer = std::move(*made);
        options.key.reset();
    }
    return std::unique_ptr<HttpCallback>(new HttpCallback(std::move(options), std::move(*client), std::move(signer)));
}

Attempt HttpCallback::judge(const HttpResponse& response)
{
    constexpr long gone = 410;
    Attempt attempt;
    if (response.status >= 200 && response.status < 300) {
        attempt.outcome = Attempt::Outcome::delivered;
        // Most receivers of webhooks answer with a word or with nothing.
        Result<Verdict> verdict = read_verdict(response.body);
        attempt.verdict.status = Status::ok;
        if (verdict) {
            attempt.verdict = std::move(*verdict);
        }
        return attempt;
    }
    attempt.outcome = response.status == gone ? Attempt::Outcome::gone : Attempt::Outcome::failed;
    attempt.message = fmt::format("the endpoint answered with status {}", response.status);
    if (response.status == gone) {
        attempt.message += ": it is no more";
    } else if (response.status >= 300 && response.status < 400) {
        attempt.message += ": redirects are not followed, give the address that it leads to";
    }
    attempt.retry_after = response.retry_after();
    return attempt;
}

Attempt HttpCallback::deliver(const Event& event, Deadline deadline)
{
    if (m_options.timeout) {
        deadline = std::min(deadline, std::chrono::steady_clock::now() + *m_options.timeout);
    }
    HttpRequest request;
    request.body = m_options.partner_format ? to_partner_json(event) : to_json(event, m_options.needs_secret);
    const std::int64_t timestamp = std::time(nullptr);
    request.headers.emplace_back("Content-Type: application/json");
    request.headers.emplace_back("webhook-id: " + event.event_id);
    request.headers.emplace_back(fmt::format("webhook-timestamp: {}", timestamp));
    if (m_signer) {
        request.headers.emplace_back("webhook-signature: " +
                                     m_signer->sign(event.event_id, timestamp, request.body->reveal()));
    }
    const Result<HttpResponse> response = m_client.send(request, deadline);
    if (response) {
        return judge(*response);
    }
    Attempt attempt;
    attempt.outcome =
        response.error().code() == ErrorCode::permission ? Attempt::Outcome::refused : Attempt::Outcome::failed;
    attempt.message = response.error().message();
    return attempt;
}

}  // namespace r8scan::action
