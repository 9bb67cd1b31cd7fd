#include "finding/fingerprint.h"

#include "util/hash.h"

namespace r8scan {

std::string fingerprint_of(std::string_view rule, const Secret& token, std::string_view path)
{
    constexpr std::size_t digits = 16;
    const std::byte nul{0};
    Hasher hasher(HashAlgorithm::sha256);
    hasher.update(as_bytes(rule));
    hasher.update({&nul, 1});
    hasher.update(as_bytes(token.reveal()));
    hasher.update({&nul, 1});
    hasher.update(as_bytes(path));
    return std::string(rule) + ':' + to_hex(hasher.finish()).substr(0, digits);
}

}  // namespace r8scan
