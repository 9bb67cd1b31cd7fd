#include "signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace {

constexpr std::string_view prefix = "whsec_";

std::string base64(std::string_view bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string from_base64(std::string_view text)
{
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (size <= 0) {
        throw std::runtime_error("the key is no base64");
    }
    // It counts the bytes that padding stands for.
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

}  // namespace

SignatureCheck::SignatureCheck(std::string_view key)
{
    if (!key.starts_with(prefix)) {
        throw std::runtime_error("the key does not begin with whsec_");
    }
    m_secret = from_base64(key.substr(prefix.size()));
}

std::string SignatureCheck::problem_of(std::string_view id, std::string_view timestamp, std::string_view signatures,
                                       std::string_view body, std::int64_t now) const
{
    constexpr std::int64_t tolerance = 300;  // seconds; an old request may be somebody's recording
    std::int64_t at = 0;
    const auto [end, error] = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), at);
    if (id.empty() || error != std::errc() || end != timestamp.data() + timestamp.size()) {
        return "webhook-id or webhook-timestamp is missing or wrong";
    }
    if (at < now - tolerance || at > now + tolerance) {
        return "webhook-timestamp is more than five minutes away";
    }
    std::string content;
    content.append(id).append(".").append(timestamp).append(".").append(body);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), m_secret.data(), static_cast<int>(m_secret.size()),
         reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(), &size);
    const std::string wanted = "v1," + base64({reinterpret_cast<const char*>(digest.data()), size});

    // There is one signature for each key of the sender, with spaces between.
    while (!signatures.empty()) {
        const std::size_t space = std::min(signatures.find(' '), signatures.size());
        const std::string_view given = signatures.substr(0, space);
        if (given.size() == wanted.size() && CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) == 0) {
            return {};
        }
        signatures.remove_prefix(std::min(space + 1, signatures.size()));
    }
    return "no webhook-signature fits";
}

std::string SignatureCheck::new_key()
{
    constexpr std::size_t length = 24;
    std::string bytes(length, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1) {
        throw std::runtime_error("no random bytes");
    }
    return std::string(prefix) + base64(bytes);
}
