// The static program's cipher, by nettle: see authenticated_cipher.h.
#include "action/authenticated_cipher.h"

#include <nettle/gcm.h>
#include <nettle/memops.h>

#include <array>

namespace r8scan::action {
namespace {

const std::uint8_t* data_of(std::string_view bytes)
{
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

bool start(gcm_aes256_ctx& cipher, std::string_view key, std::string_view nonce, std::string_view bound)
{
    if (key.size() != cipher_key_size || nonce.size() != cipher_nonce_size) {
        return false;
    }
    gcm_aes256_set_key(&cipher, data_of(key));
    gcm_aes256_set_iv(&cipher, nonce.size(), data_of(nonce));
    gcm_aes256_update(&cipher, bound.size(), data_of(bound));
    return true;
}

}  // namespace

std::string encrypt_authenticated(std::string_view key, std::string_view nonce, std::string_view bound,
                                  std::string_view plain)
{
    gcm_aes256_ctx cipher;
    if (!start(cipher, key, nonce, bound)) {
        return {};
    }
    std::string sealed(plain.size() + cipher_tag_size, '\0');
    auto* const body = reinterpret_cast<std::uint8_t*>(sealed.data());
    gcm_aes256_encrypt(&cipher, plain.size(), body, data_of(plain));
    gcm_aes256_digest(&cipher, cipher_tag_size, body + plain.size());
    return sealed;
}

bool decrypt_authenticated(std::string_view key, std::string_view nonce, std::string_view bound, std::string_view sealed,
                           char* plain)
{
    gcm_aes256_ctx cipher;
    if (sealed.size() < cipher_tag_size || !start(cipher, key, nonce, bound)) {
        return false;
    }
    const auto size = sealed.size() - cipher_tag_size;
    gcm_aes256_decrypt(&cipher, size, reinterpret_cast<std::uint8_t*>(plain), data_of(sealed));
    std::array<std::uint8_t, cipher_tag_size> tag{};
    gcm_aes256_digest(&cipher, tag.size(), tag.data());
    return memeql_sec(tag.data(), sealed.data() + size, tag.size()) != 0;
}

}  // namespace r8scan::action
