#include "finding/fingerprint.h"

#include "util/hash.h"

namespace r8scan {

namespace {

constexpr std::size_t digits = 16;

bool is_hex(std::string_view text)
{
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

bool is_fingerprint(std::string_view text)
{
    const auto colon = text.rfind(':');
    return colon != std::string_view::npos && colon > 0 && text.size() == colon + 1 + digits &&
           is_hex(text.substr(colon + 1)) && text.find('/') == std::string_view::npos;
}

std::string rule_of_fingerprint(std::string_view fingerprint)
{
    return std::string(fingerprint.substr(0, fingerprint.rfind(':')));
}

bool is_token_hash(std::string_view text)
{
    constexpr std::size_t length = 64;
    return text.size() == length && is_hex(text);
}

std::string fingerprint_of(std::string_view rule, const Secret& token, std::string_view path)
{
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
