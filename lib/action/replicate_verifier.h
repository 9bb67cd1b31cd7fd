// ReplicateVerifier: asks the API of Replicate whether a token is live.
//
// GET /v1/account shows whose token it is and nothing else that is the owner's
// (https://replicate.com/docs/reference/http#account.get). Only two answers decide: 200 with an account in JSON is
// active, 401 with a problem in JSON is inactive. A page in HTML, whatever its status, comes from something in between.
#pragma once

#include "action/callback.h"
#include "action/http_client.h"
#include "action/rate_limiter.h"

#include <memory>

namespace r8scan::action {

inline constexpr std::string_view default_api_base = "https://api.replicate.com/v1";

class ReplicateVerifier : public Callback {
public:
    /// `api_base` as --api-base and REPLICATE_BASE_URL give it: with or without "/v1" at its end.
    static Result<std::unique_ptr<ReplicateVerifier>> make(std::string_view api_base, const NetworkOptions& options);

    [[nodiscard]] const std::string& name() const override { return m_name; }
    [[nodiscard]] Stage stage() const override { return Stage::verify; }
    [[nodiscard]] bool needs_secret() const override { return true; }
    /// What the API's limit makes it wait is not counted against the deadline.
    Attempt deliver(const Event& event, Deadline deadline) override;

    /// What an answer means: delivered with active, inactive or unknown, or failed where it should be asked again.
    static Attempt judge(const HttpResponse& response);

private:
    ReplicateVerifier(HttpClient client, const std::atomic<bool>* stop);

    std::string m_name = "replicate";
    HttpClient m_client;
    RateLimiter m_limiter;
    const std::atomic<bool>* m_stop;
};

}  // namespace r8scan::action
