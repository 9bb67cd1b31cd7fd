// Object ids of either hash, and the types of objects.
#pragma once

#include "util/bytes.h"
#include "util/hash.h"

#include <algorithm>
#include <array>
#include <compare>
#include <optional>

namespace r8scan::git {

/// Type numbers as packs store them (gitformat-pack: 1–4 whole objects, 6 and 7 deltas).
enum class ObjectType : std::uint8_t {
    unknown = 0,
    commit = 1,
    tree = 2,
    blob = 3,
    tag = 4,
    ofs_delta = 6,
    ref_delta = 7,
};

inline const char* to_string(ObjectType type)
{
    switch (type) {
        case ObjectType::commit: return "commit";
        case ObjectType::tree: return "tree";
        case ObjectType::blob: return "blob";
        case ObjectType::tag: return "tag";
        case ObjectType::ofs_delta: return "offset delta";
        case ObjectType::ref_delta: return "reference delta";
        case ObjectType::unknown: break;
    }
    return "unknown";
}

/// The type that a loose object's header or `git cat-file` names; unknown for any other word.
inline ObjectType object_type_of(std::string_view name)
{
    for (const auto type : {ObjectType::commit, ObjectType::tree, ObjectType::blob, ObjectType::tag}) {
        if (name == to_string(type)) {
            return type;
        }
    }
    return ObjectType::unknown;
}

/// A SHA-1 (20 bytes) or SHA-256 (32 bytes) object id. Ids of different sizes are never equal.
struct ObjectId {
    std::array<std::byte, 32> bytes{};
    std::uint8_t size = 0;

    [[nodiscard]] Bytes raw() const { return Bytes(bytes).first(size); }
    [[nodiscard]] std::string hex() const { return to_hex(raw()); }
    [[nodiscard]] bool is_zero() const
    {
        return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
    }

    static ObjectId from_raw(Bytes raw)
    {
        ObjectId id;
        id.size = static_cast<std::uint8_t>(raw.size());
        std::copy(raw.begin(), raw.end(), id.bytes.begin());
        return id;
    }

    /// From exactly 40 or 64 hex digits of either case.
    static std::optional<ObjectId> from_hex(std::string_view hex);

    friend bool operator==(const ObjectId&, const ObjectId&) = default;
    friend std::strong_ordering operator<=>(const ObjectId& a, const ObjectId& b)
    {
        const int order = std::memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size());
        return order != 0 ? order <=> 0 : a.size <=> b.size;
    }
};

/// Hash of an object as git computes it: of "type size\0" and the content.
ObjectId hash_object(Hasher& hasher, HashAlgorithm algorithm, ObjectType type, Bytes content);

}  // namespace r8scan::git
