#include "git/object_id.h"

namespace r8scan::git {

namespace {

int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

}  // namespace

std::optional<ObjectId> ObjectId::from_hex(std::string_view hex)
{
    if (hex.size() != 40 && hex.size() != 64) {
        return std::nullopt;
    }
    ObjectId id;
    id.size = static_cast<std::uint8_t>(hex.size() / 2);
    for (std::size_t i = 0; i < id.size; ++i) {
        const int high = hex_value(hex[2 * i]);
        const int low = hex_value(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        id.bytes[i] = static_cast<std::byte>(high * 16 + low);
    }
    return id;
}

ObjectId hash_object(Hasher& hasher, HashAlgorithm algorithm, ObjectType type, Bytes content)
{
    std::string header = to_string(type);
    header += ' ';
    header += std::to_string(content.size());
    header += '\0';
    hasher.update(as_bytes(header));
    hasher.update(content);
    const auto digest = hasher.finish();
    return ObjectId::from_raw(Bytes(digest).first(hash_size(algorithm)));
}

}  // namespace r8scan::git
