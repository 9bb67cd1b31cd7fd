// The receiver's side of Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks): whether a request
// was made by somebody who has the key, is whole, and is fresh. What is signed is "ID.TIMESTAMP.BODY".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

class SignatureCheck {
public:
    /// "whsec_" and base64. Throws std::runtime_error where it is not.
    explicit SignatureCheck(std::string_view key);

    /// What is wrong with the request, or nothing. `timestamp` and `signatures` are the headers as they came; `now` is
    /// in seconds since 1970.
    [[nodiscard]] std::string problem_of(std::string_view id, std::string_view timestamp, std::string_view signatures,
                                         std::string_view body, std::int64_t now) const;

    /// A new key.
    static std::string new_key();

private:
    std::string m_secret;
};
