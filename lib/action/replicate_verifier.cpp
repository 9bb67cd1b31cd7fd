#include "action/replicate_verifier.h"

#include "util/star_tokens.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <nlohmann/json.hpp>

namespace r8scan::action {
namespace {

constexpr std::size_t requests_a_minute = 3000;  // https://replicate.com/docs/topics/predictions/rate-limits

std::string account_url(std::string_view base)
{
    std::string url(base);
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url + (url.ends_with("/v1") ? "/account" : "/v1/account");
}

Secret authorization(const Secret& token)
{
    std::string line;
    constexpr std::string_view scheme = "Authorization: Bearer ";
    line.reserve(scheme.size() + token.reveal().size());
    line += scheme;
    line += token.reveal();
    Secret header(line);
    OPENSSL_cleanse(line.data(), line.size());
    return header;
}

/// A token goes into a header as it is, so it must be one word.
bool fits_into_header(std::string_view token)
{
    for (const char c : token) {
        if (c <= ' ' || c > '~') {
            return false;
        }
    }
    return !token.empty();
}

std::string text_of(const nlohmann::json& object, const char* name)
{
    const auto field = object.find(name);
    return field != object.end() && field->is_string() ? star_tokens(field->get_ref<const std::string&>()) : "";
}

Attempt decided(Status status, std::string message)
{
    Attempt attempt;
    attempt.outcome = Attempt::Outcome::delivered;
    attempt.verdict.status = status;
    attempt.verdict.message = std::move(message);
    return attempt;
}

Attempt failed(std::string message)
{
    Attempt attempt;
    attempt.message = std::move(message);
    return attempt;
}

/// An account says its type and name; whatever else answers with 200 does not.
Attempt judge_account(const HttpResponse& response)
{
    const nlohmann::json body = nlohmann::json::parse(response.body, nullptr, false);
    if (response.cut || !body.is_object()) {
        return decided(Status::unknown, "the API answered with status 200, but not with an account");
    }
    const std::string type = text_of(body, "type");
    const std::string username = text_of(body, "username");
    if (username.empty() || (type != "user" && type != "organization")) {
        return decided(Status::unknown, "the API answered with status 200, but not with an account");
    }
    Attempt attempt = decided(Status::active, fmt::format("it belongs to the {} {}", type, username));
    attempt.verdict.owner = username;
    return attempt;
}

Attempt judge_unauthorized(const HttpResponse& response)
{
    const std::string type = response.media_type();
    const bool says_json = type == "application/json" || type == "application/problem+json";
    const nlohmann::json body = nlohmann::json::parse(response.body, nullptr, false);
    if (response.cut || !says_json || !body.is_object()) {
        return decided(Status::unknown, "status 401, but not from the API itself");
    }
    return decided(Status::inactive, "the API does not know the token");
}

}  // namespace

ReplicateVerifier::ReplicateVerifier(HttpClient client, const std::atomic<bool>* stop)
    : m_client(std::move(client)), m_limiter(requests_a_minute, std::chrono::minutes(1)), m_stop(stop)
{
}

Result<std::unique_ptr<ReplicateVerifier>> ReplicateVerifier::make(std::string_view api_base,
                                                                   const NetworkOptions& options)
{
    Result<HttpClient> client = HttpClient::to(account_url(api_base), false, options);
    if (!client) {
        return client.error();
    }
    return std::unique_ptr<ReplicateVerifier>(new ReplicateVerifier(std::move(*client), options.stop));
}

Attempt ReplicateVerifier::judge(const HttpResponse& response)
{
    constexpr long ok = 200;
    constexpr long unauthorized = 401;
    constexpr long too_many = 429;
    constexpr long server_error = 500;
    if (response.status == ok) {
        return judge_account(response);
    }
    if (response.status == unauthorized) {
        return judge_unauthorized(response);
    }
    if (response.status == too_many || response.status >= server_error) {
        Attempt attempt = failed(fmt::format("the API answered with status {}", response.status));
        attempt.retry_after = response.retry_after();
        return attempt;
    }
    return decided(Status::unknown, fmt::format("the API answered with status {}", response.status));
}

Attempt ReplicateVerifier::deliver(const Event& event, Deadline deadline)
{
    if (!fits_into_header(event.token.reveal())) {
        return decided(Status::unknown, "it holds characters that no token of the API has");
    }
    const auto patience = deadline - RateLimiter::Clock::now();
    if (!m_limiter.wait(deadline, m_stop)) {
        Attempt attempt = failed("the API takes no more requests for now");
        const auto wait = m_limiter.next() - RateLimiter::Clock::now();
        attempt.retry_after = std::max(std::chrono::ceil<std::chrono::seconds>(wait), std::chrono::seconds(0));
        return attempt;
    }
    HttpRequest request;
    request.headers.push_back(authorization(event.token));
    request.headers.emplace_back("Accept: application/json");
    const Result<HttpResponse> response = m_client.send(request, RateLimiter::Clock::now() + patience);
    if (!response) {
        Attempt attempt = failed(response.error().message());
        if (response.error().code() == ErrorCode::permission) {
            attempt.outcome = Attempt::Outcome::refused;
        }
        return attempt;
    }
    Attempt attempt = judge(*response);
    if (attempt.outcome == Attempt::Outcome::failed && response->status == 429) {
        m_limiter.pause(attempt.retry_after.value_or(std::chrono::seconds(1)));
    }
    return attempt;
}

}  // namespace r8scan::action
