#include "util/hash.h"

#include <openssl/evp.h>

#include <stdexcept>

namespace r8scan {

void Hasher::FreeContext::operator()(evp_md_ctx_st* context) const
{
    EVP_MD_CTX_free(context);
}

Hasher::Hasher(HashAlgorithm algorithm) : m_algorithm(algorithm), m_context(EVP_MD_CTX_new())
{
    start();
}

void Hasher::start()
{
    const EVP_MD* digest = m_algorithm == HashAlgorithm::sha1 ? EVP_sha1() : EVP_sha256();
    if (!m_context || EVP_DigestInit_ex(m_context.get(), digest, nullptr) != 1) {
        throw std::runtime_error("libcrypto cannot compute SHA-1 or SHA-256");
    }
}

void Hasher::update(Bytes bytes)
{
    EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size());
}

std::array<std::byte, 32> Hasher::finish()
{
    std::array<std::byte, 32> digest{};
    EVP_DigestFinal_ex(m_context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    start();
    return digest;
}

std::string sha256_hex(Bytes bytes)
{
    Hasher hasher(HashAlgorithm::sha256);
    hasher.update(bytes);
    return to_hex(hasher.finish());
}

}  // namespace r8scan
