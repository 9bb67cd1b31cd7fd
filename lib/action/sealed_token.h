// Tokens that cannot be read again from where they stood, sealed for the outbox.
//
// AES-256-GCM under a key in a file of its own (32 random bytes, mode 0600) that does not lie in the folder of the
// outbox, so that a copy of that folder alone tells nothing. A sealed token is bound to its event: moved to another, it
// does not open. Form: a version byte, 4 bytes that name the key, a nonce of 12 bytes, the ciphertext, a tag of 16
// bytes.
#pragma once

#include <r8scan/result.h>
#include <r8scan/secret.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace r8scan::action {

class TokenSeal {
public:
    /// Reads the key, and makes one where `make` and there is none. not_found: there is none.
    static Result<TokenSeal> open(const std::filesystem::path& key_file, bool make);

    /// `event_id` is what the token is bound to.
    Result<std::string> seal(const Secret& token, std::string_view event_id) const;

    /// damaged: it was changed, sealed under another key or for another event.
    Result<Secret> unseal(std::string_view sealed, std::string_view event_id) const;

private:
    explicit TokenSeal(Secret key) : m_key(std::move(key)) {}
    [[nodiscard]] std::string key_name() const;
    Secret m_key;
};

}  // namespace r8scan::action
