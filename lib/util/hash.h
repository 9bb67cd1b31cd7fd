// SHA-1 and SHA-256 of whole buffers, by OpenSSL.
#pragma once

#include "util/bytes.h"

#include <array>
#include <memory>

namespace r8scan {

enum class HashAlgorithm : std::uint8_t { sha1, sha256 };

/// Bytes in a digest: 20 or 32.
inline constexpr std::size_t hash_size(HashAlgorithm algorithm)
{
    return algorithm == HashAlgorithm::sha1 ? 20 : 32;
}

/// A digest in the making. Reusable after finish(); one thread at a time.
class Hasher {
public:
    explicit Hasher(HashAlgorithm algorithm);
    void update(Bytes bytes);
    /// The digest of what came since the last finish(); bytes past hash_size() are zero.
    std::array<std::byte, 32> finish();

private:
    struct State;
    struct FreeState {
        void operator()(State* state) const;
    };
    void start();
    HashAlgorithm m_algorithm;
    std::unique_ptr<State, FreeState> m_state;
};

/// Hex SHA-256 of the bytes.
std::string sha256_hex(Bytes bytes);

}  // namespace r8scan
