// Object types and ids as git defines them, computed the slow and obvious way.
//
// An id is the hash of "<type> <size>\0<content>", 20 bytes (SHA-1) or 32 (SHA-256). Bytes are held in std::string
// throughout the test support: they compare, concatenate and print without ceremony.
// Format: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace r8scan::test {

enum class Hash { sha1, sha256 };

/// The types of objects, by the number that a pack entry carries.
enum class Type : std::uint8_t { commit = 1, tree = 2, blob = 3, tag = 4 };

[[nodiscard]] const char* to_string(Type type);

/// An object id: raw bytes, so 20 or 32 of them.
struct Id {
    std::string raw;

    [[nodiscard]] std::string hex() const;
    friend auto operator<=>(const Id&, const Id&) = default;
};

[[nodiscard]] std::size_t id_size(Hash hash);

/// The id of an object.
[[nodiscard]] Id object_id(Hash hash, Type type, std::string_view content);

/// The id that stands for "none" in reflogs: all zeros.
[[nodiscard]] Id zero_id(Hash hash);

/// An id that no object has: a pattern made from a number.
[[nodiscard]] Id made_up_id(Hash hash, std::uint64_t number);

[[nodiscard]] Id id_from_hex(std::string_view hex);

/// The bare hash of some bytes, raw: trailers of packs, pack indexes and the index file.
[[nodiscard]] std::string digest(Hash hash, std::string_view bytes);

[[nodiscard]] std::string to_hex(std::string_view bytes);

}  // namespace r8scan::test
