// These functions are old, and the newer ones (EVP) are slower where it counts here: the first call of those reads OpenSSL's
// configuration and sets up all its algorithms, which takes longer than a commit hook has.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "util/hash.h"

#include <openssl/sha.h>

namespace r8scan {

namespace {

struct State {
    SHA_CTX sha1;
    SHA256_CTX sha256;
};

// The header knows the state as OpenSSL's own, which nobody looks into.
State& state_of(evp_md_ctx_st* context)
{
    return *reinterpret_cast<State*>(context);
}

}  // namespace

void Hasher::FreeContext::operator()(evp_md_ctx_st* context) const
{
    delete &state_of(context);
}

Hasher::Hasher(HashAlgorithm algorithm)
    : m_algorithm(algorithm), m_context(reinterpret_cast<evp_md_ctx_st*>(new State))
{
    start();
}

void Hasher::start()
{
    if (m_algorithm == HashAlgorithm::sha1) {
        SHA1_Init(&state_of(m_context.get()).sha1);
    } else {
        SHA256_Init(&state_of(m_context.get()).sha256);
    }
}

void Hasher::update(Bytes bytes)
{
    if (m_algorithm == HashAlgorithm::sha1) {
        SHA1_Update(&state_of(m_context.get()).sha1, bytes.data(), bytes.size());
    } else {
        SHA256_Update(&state_of(m_context.get()).sha256, bytes.data(), bytes.size());
    }
}

std::array<std::byte, 32> Hasher::finish()
{
    std::array<std::byte, 32> digest{};
    auto* const out = reinterpret_cast<unsigned char*>(digest.data());
    if (m_algorithm == HashAlgorithm::sha1) {
        SHA1_Final(out, &state_of(m_context.get()).sha1);
    } else {
        SHA256_Final(out, &state_of(m_context.get()).sha256);
    }
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
