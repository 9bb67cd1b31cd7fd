// These functions are old, and the newer ones (EVP) are slower where it counts here: the first call of those reads OpenSSL's
// configuration and sets up all its algorithms, which takes longer than a commit hook has.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "util/hash.h"

#include <openssl/sha.h>

namespace r8scan {

struct Hasher::State {
    SHA_CTX sha1;
    SHA256_CTX sha256;
};

void Hasher::FreeState::operator()(State* state) const
{
    delete state;
}

Hasher::Hasher(HashAlgorithm algorithm) : m_algorithm(algorithm), m_state(new State)
{
    start();
}

void Hasher::start()
{
    if (m_algorithm == HashAlgorithm::sha1) {
        SHA1_Init(&m_state->sha1);
    } else {
        SHA256_Init(&m_state->sha256);
    }
}

void Hasher::update(Bytes bytes)
{
    if (m_algorithm == HashAlgorithm::sha1) {
        SHA1_Update(&m_state->sha1, bytes.data(), bytes.size());
    } else {
        SHA256_Update(&m_state->sha256, bytes.data(), bytes.size());
    }
}

std::array<std::byte, 32> Hasher::finish()
{
    std::array<std::byte, 32> digest{};
    auto* const out = reinterpret_cast<unsigned char*>(digest.data());
    if (m_algorithm == HashAlgorithm::sha1) {
        SHA1_Final(out, &m_state->sha1);
    } else {
        SHA256_Final(out, &m_state->sha256);
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
