#include "action/authenticated_cipher.h"

#include <openssl/evp.h>

#include <memory>

namespace r8scan::action {
namespace {

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

const unsigned char* data_of(std::string_view bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

bool fit(std::string_view key, std::string_view nonce)
{
    return key.size() == cipher_key_size && nonce.size() == cipher_nonce_size;
}

}  // namespace

std::string encrypt_authenticated(std::string_view key, std::string_view nonce, std::string_view bound,
                                  std::string_view plain)
{
    const Cipher cipher(EVP_CIPHER_CTX_new());
    std::string sealed(plain.size() + cipher_tag_size, '\0');
    auto* const body = reinterpret_cast<unsigned char*>(sealed.data());
    int size = 0;
    int last = 0;
    const bool done =
        cipher != nullptr && fit(key, nonce) &&
        EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, data_of(key), data_of(nonce)) == 1 &&
        EVP_EncryptUpdate(cipher.get(), nullptr, &size, data_of(bound), static_cast<int>(bound.size())) == 1 &&
        EVP_EncryptUpdate(cipher.get(), body, &size, data_of(plain), static_cast<int>(plain.size())) == 1 &&
        EVP_EncryptFinal_ex(cipher.get(), body + size, &last) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, cipher_tag_size, body + plain.size()) == 1;
    return done ? sealed : std::string();
}

bool decrypt_authenticated(std::string_view key, std::string_view nonce, std::string_view bound, std::string_view sealed,
                           char* plain)
{
    if (sealed.size() < cipher_tag_size || !fit(key, nonce)) {
        return false;
    }
    const auto body = sealed.substr(0, sealed.size() - cipher_tag_size);
    std::string tag(sealed.substr(body.size()));
    auto* const out = reinterpret_cast<unsigned char*>(plain);
    const Cipher cipher(EVP_CIPHER_CTX_new());
    int size = 0;
    int last = 0;
    return cipher != nullptr &&
           EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, data_of(key), data_of(nonce)) == 1 &&
           EVP_DecryptUpdate(cipher.get(), nullptr, &size, data_of(bound), static_cast<int>(bound.size())) == 1 &&
           EVP_DecryptUpdate(cipher.get(), out, &size, data_of(body), static_cast<int>(body.size())) == 1 &&
           EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, cipher_tag_size, tag.data()) == 1 &&
           EVP_DecryptFinal_ex(cipher.get(), out + size, &last) == 1;
}

}  // namespace r8scan::action
