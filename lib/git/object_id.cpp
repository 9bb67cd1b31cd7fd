#include "git/object_id.h"

namespace r8scan::git {

namespace {

// Value of each hex digit, 0xff for every other character.
constexpr std::array<std::uint8_t, 256> hex_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(0xff);
    for (unsigned i = 0; i < 10; ++i) {
        values['0' + i] = static_cast<std::uint8_t>(i);
    }
    for (unsigned i = 0; i < 6; ++i) {
        values['a' + i] = values['A' + i] = static_cast<std::uint8_t>(10 + i);
    }
    return values;
}();

}  // namespace

std::optional<ObjectId> ObjectId::from_hex(std::string_view hex)
{
    if (hex.size() != 40 && hex.size() != 64) {
        return std::nullopt;
    }
    ObjectId id;
    id.size = static_cast<std::uint8_t>(hex.size() / 2);
    unsigned bad = 0;
    for (std::size_t i = 0; i < id.size; ++i) {
        const unsigned high = hex_values[static_cast<unsigned char>(hex[2 * i])];
        const unsigned low = hex_values[static_cast<unsigned char>(hex[2 * i + 1])];
        bad |= high | low;
        id.bytes[i] = static_cast<std::byte>(high << 4U | low);
    }
    if (bad > 15) {
        return std::nullopt;
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
