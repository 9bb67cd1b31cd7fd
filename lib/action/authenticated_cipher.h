// AES-256-GCM: encrypts, and tells when what comes back was changed. https://csrc.nist.gov/pubs/sp/800/38/d/final
//
// By OpenSSL; in the static program by nettle (authenticated_cipher_nettle.cpp), as OpenSSL's ciphers bring tables that
// cost more at every start than all the rest of it. Both give the same bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace r8scan::action {

constexpr std::size_t cipher_key_size = 32;
constexpr std::size_t cipher_nonce_size = 12;
constexpr std::size_t cipher_tag_size = 16;

/// Ciphertext, as long as the plain text, and the tag behind it; empty where it fails. `bound` is not encrypted and must
/// be the same when it is decrypted. Never twice with the same key and nonce.
std::string encrypt_authenticated(std::string_view key, std::string_view nonce, std::string_view bound,
                                  std::string_view plain);

/// Writes the plain text into `plain`, which has the room for it (`sealed` without the tag). False: it was changed, or key,
/// nonce or `bound` are others; `plain` is to be thrown away then.
[[nodiscard]] bool decrypt_authenticated(std::string_view key, std::string_view nonce, std::string_view bound,
                                         std::string_view sealed, char* plain);

}  // namespace r8scan::action
