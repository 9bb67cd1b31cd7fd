// Object ids by OpenSSL's one-shot digests. See object_ids.h.
#include "tests/support/object_ids.h"

#include <openssl/evp.h>

#include <stdexcept>

namespace r8scan::test {

const char* to_string(Type type)
{
    switch (type) {
        case Type::commit:
            return "commit";
        case Type::tree:
            return "tree";
        case Type::blob:
            return "blob";
        case Type::tag:
            return "tag";
    }
    throw std::invalid_argument("no such object type");
}

std::string Id::hex() const
{
    return to_hex(raw);
}

std::size_t id_size(Hash hash)
{
    return hash == Hash::sha1 ? 20 : 32;
}

std::string digest(Hash hash, std::string_view bytes)
{
    std::string out(id_size(hash), '\0');
    unsigned size = 0;
    const EVP_MD* algorithm = hash == Hash::sha1 ? EVP_sha1() : EVP_sha256();
    if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size, algorithm,
                   nullptr) != 1 ||
        size != out.size()) {
        throw std::runtime_error("EVP_Digest failed");
    }
    return out;
}

Id object_id(Hash hash, Type type, std::string_view content)
{
    std::string bytes = std::string(to_string(type)) + ' ' + std::to_string(content.size());
    bytes += '\0';
    bytes += content;
    return {digest(hash, bytes)};
}

Id zero_id(Hash hash)
{
    return {std::string(id_size(hash), '\0')};
}

Id made_up_id(Hash hash, std::uint64_t number)
{
    return {digest(hash, "no object has this id: " + std::to_string(number))};
}

Id id_from_hex(std::string_view hex)
{
    Id id;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        id.raw += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    }
    return id;
}

std::string to_hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

}  // namespace r8scan::test
