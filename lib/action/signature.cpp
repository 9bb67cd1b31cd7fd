#include "action/signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <stdexcept>

namespace r8scan::action {
namespace {

constexpr std::string_view shared_prefix = "whsec_";
constexpr std::string_view private_prefix = "whsk_";
constexpr std::size_t seed_size = 32;  // of an Ed25519 key; its public half may stand behind it

const unsigned char* raw(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string base64(const unsigned char* bytes, std::size_t size)
{
    std::string text((size + 2) / 3 * 4 + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

/// With or without padding; nothing where it is no base64.
std::optional<Secret> from_base64(std::string_view text)
{
    while (text.ends_with('=')) {
        text.remove_suffix(1);
    }
    constexpr std::size_t longest = 4096;
    if (text.empty() || text.size() > longest || text.size() % 4 == 1 || text.find('=') != std::string_view::npos) {
        return std::nullopt;
    }
    std::string padded(text);
    const std::size_t padding = (4 - text.size() % 4) % 4;
    padded.append(padding, '=');
    std::string bytes(padded.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), raw(padded), static_cast<int>(padded.size()));
    std::optional<Secret> secret;
    if (length > 0) {
        secret.emplace(std::string_view(bytes).substr(0, static_cast<std::size_t>(length) - padding));
    }
    OPENSSL_cleanse(padded.data(), padded.size());
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return secret;
}

std::string sign_shared(std::string_view key, std::string_view content)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(content), content.size(), digest.data(),
             &size) == nullptr) {
        throw std::runtime_error("libcrypto cannot compute an HMAC");
    }
    return "v1," + base64(digest.data(), size);
}

std::string sign_private(std::string_view key, std::string_view content)
{
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> private_key(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw(key), seed_size), EVP_PKEY_free);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::array<unsigned char, 64> signature{};
    std::size_t size = signature.size();
    if (!private_key || !context ||
        EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, private_key.get()) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, raw(content), content.size()) != 1) {
        throw std::runtime_error("libcrypto cannot sign with Ed25519");
    }
    return "v1a," + base64(signature.data(), size);
}

}  // namespace

Result<Signer> Signer::from(std::string_view keys)
{
    Signer signer;
    for (std::string_view rest = keys; !rest.empty();) {
        const std::size_t end = std::min(rest.find_first_of(" \t\n"), rest.size());
        const std::string_view word = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (word.empty()) {
            continue;
        }
        const bool is_private = word.starts_with(private_prefix);
        if (!is_private && !word.starts_with(shared_prefix)) {
            return Error(ErrorCode::usage, "a signing key begins with whsec_ (shared) or whsk_ (private, Ed25519)");
        }
        std::optional<Secret> bytes =
            from_base64(word.substr(is_private ? private_prefix.size() : shared_prefix.size()));
        if (!bytes) {
            return Error(ErrorCode::usage, "what follows the prefix of a signing key is no base64");
        }
        const std::size_t size = bytes->reveal().size();
        if (is_private && size != seed_size && size != 2 * seed_size) {
            return Error(ErrorCode::usage, "a private signing key is 32 bytes, or 64 with its public half");
        }
        signer.m_keys.push_back({is_private, std::move(*bytes)});
    }
    if (signer.m_keys.empty()) {
        return Error(ErrorCode::usage, "the signing key is empty");
    }
    return signer;
}

std::string Signer::sign(std::string_view id, std::int64_t timestamp, std::string_view body) const
{
    std::string content;
    const std::string time = std::to_string(timestamp);
    content.reserve(id.size() + time.size() + body.size() + 2);  // never moved: it may hold a token
    content += id;
    content += '.';
    content += time;
    content += '.';
    content += body;
    std::string value;
    for (const Key& key : m_keys) {
        value += value.empty() ? "" : " ";
        value += key.is_private ? sign_private(key.bytes.reveal(), content) : sign_shared(key.bytes.reveal(), content);
    }
    OPENSSL_cleanse(content.data(), content.size());
    return value;
}

}  // namespace r8scan::action
