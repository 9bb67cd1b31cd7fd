// Signatures of Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks): a receiver that has the key
// knows that a request is ours, whole and fresh. What is signed is "ID.TIMESTAMP.BODY".
#pragma once

#include <r8scan/result.h>
#include <r8scan/secret.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan::action {

class Signer {
public:
    /// One key, or several with spaces between while keys are changed: "whsec_" and base64 of a secret that both sides
    /// have (HMAC-SHA256, "v1"), "whsk_" and base64 of a private key (Ed25519, "v1a"). The error never repeats a key.
    static Result<Signer> from(std::string_view keys);

    /// The value of the header `webhook-signature`: a signature for each key, with spaces between.
    [[nodiscard]] std::string sign(std::string_view id, std::int64_t timestamp, std::string_view body) const;

private:
    struct Key {
        bool is_private = false;
        Secret bytes;
    };
    std::vector<Key> m_keys;
};

}  // namespace r8scan::action
