#include "routes.h"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <ctime>
#include <memory>

namespace {

using Json = nlohmann::ordered_json;

/// What leaves no trace in the database. Counted from the start of the service.
struct Seen {
    std::atomic<std::int64_t> asked_active{0};
    std::atomic<std::int64_t> asked_inactive{0};
    std::atomic<std::int64_t> refused{0};
};

void answer(httplib::Response& response, int status, const Json& body, const char* type = "application/json")
{
    response.status = status;
    response.set_content(body.dump(), type);
}

void problem(httplib::Response& response, int status, const char* title, const std::string& detail)
{
    answer(response, status, {{"title", title}, {"detail", detail}, {"status", status}}, "application/problem+json");
}

std::string token_in(const httplib::Request& request)
{
    const std::string line = request.get_header_value("Authorization");
    for (const std::string scheme : {"Bearer ", "Token "}) {
        if (line.starts_with(scheme)) {
            return line.substr(scheme.size());
        }
    }
    return {};
}

void account(const httplib::Request& request, httplib::Response& response, TokenStore& tokens, Seen& seen)
{
    const auto found = tokens.account_of(token_in(request));
    if (!found) {
        ++seen.asked_inactive;
        return problem(response, 401, "Unauthenticated", "You did not pass a valid authentication token");
    }
    ++seen.asked_active;
    answer(response, 200,
           {{"type", "user"},
            {"username", found->owner},
            {"name", found->owner},
            {"github_url", "https://github.com/" + found->owner}});
}

std::string text_in(const Json& object, const char* name)
{
    const auto field = object.find(name);
    return field != object.end() && field->is_string() ? field->get<std::string>() : "";
}

void disable(const httplib::Request& request, httplib::Response& response, TokenStore& tokens,
             const SignatureCheck& signature, Seen& seen)
{
    const std::string id = request.get_header_value("webhook-id");
    const std::string wrong =
        signature.problem_of(id, request.get_header_value("webhook-timestamp"),
                             request.get_header_value("webhook-signature"), request.body, std::time(nullptr));
    if (!wrong.empty()) {
        ++seen.refused;
        return problem(response, 401, "Unauthenticated", wrong);
    }
    const Json event = Json::parse(request.body, nullptr, false);
    const bool is_event = event.is_object() && text_in(event, "schema") == "r8scan-event/1";
    const std::string hash = is_event && text_in(event, "stage") == "revoke" ? text_in(event, "token_sha256") : "";
    if (hash.empty()) {
        ++seen.refused;
        return problem(response, 422, "Unprocessable", "this is no event of the stage revoke with a token_sha256");
    }
    const TokenStore::Answer done = tokens.disable(hash, id);
    if (done.what == Disabled::never_issued) {
        return answer(response, 200, {{"status", "skipped"}, {"message", "no token of this service"}});
    }
    const bool now = done.what == Disabled::now;
    answer(response, 200,
           {{"status", now ? "revoked" : "already_revoked"},
            {"message", now ? "disabled by the service" : "it was disabled before"},
            {"owner", done.account.owner},
            {"token_name", done.account.token_name}});
}

void stats(httplib::Response& response, TokenStore& tokens, const Seen& seen)
{
    const Counts counts = tokens.counts();
    answer(response, 200,
           {{"tokens", {{"issued", counts.issued}, {"active", counts.active}}},
            {"account", {{"active", seen.asked_active.load()}, {"inactive", seen.asked_inactive.load()}}},
            {"disable",
             {{"events", counts.events},
              {"disabled", counts.disabled},
              {"already_disabled", counts.already_disabled},
              {"never_issued", counts.never_issued},
              {"repeated", counts.repeated},
              {"refused", seen.refused.load()}}}});
}

}  // namespace

void add_routes(httplib::Server& server, TokenStore& tokens, const SignatureCheck& signature)
{
    const auto seen = std::make_shared<Seen>();
    server.Get("/v1/account", [&tokens, seen](const httplib::Request& request, httplib::Response& response) {
        account(request, response, tokens, *seen);
    });
    server.Post("/disable", [&tokens, &signature, seen](const httplib::Request& request, httplib::Response& response) {
        disable(request, response, tokens, signature, *seen);
    });
    server.Get("/stats", [&tokens, seen](const httplib::Request&, httplib::Response& response) {
        stats(response, tokens, *seen);
    });
}
