// PackWriter: builds a pack and its index in memory, by git's rules or deliberately against them.
//
// Entries are kept as structures until build(), which lays them out, fills in offsets and CRCs and hashes the whole.
// So a test that wants a lie changes a field of entry(i) before: everything around the lie stays right. The ids of
// delta entries are worked out by applying them, unless given. Not checked at all: what a test asks for, it gets.
// Format: https://git-scm.com/docs/pack-format
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/object_ids.h"
#include "tests/support/zlib_stream.h"

namespace r8scan::test {

/// The two type numbers that only packs have.
inline constexpr unsigned ofs_delta_type = 6;
inline constexpr unsigned ref_delta_type = 7;

struct PackEntry {
    unsigned type_bits = 0;                     // 1–4, ofs_delta_type, ref_delta_type, or a lie (0, 5)
    std::uint64_t declared_size = 0;            // of the inflated bytes
    std::string compressed;                     // what follows the header
    std::optional<std::size_t> ofs_base;        // entry whose offset the distance is counted to; must come earlier
    std::optional<std::uint64_t> ofs_distance;  // written instead of the right distance
    std::optional<Id> ref_base;
    Id id;                                      // what the index says
    std::optional<std::uint32_t> crc;           // written instead of the right CRC32
    std::optional<std::uint64_t> index_offset;  // written instead of the right offset
    bool in_index = true;

    Type type = Type::blob;  // the type and content it stands for, where known: bases of further deltas
    std::optional<std::string> content;
};

struct PackLayout {
    int index_version = 2;
    bool force_64bit_offsets = false;  // every offset but the first in the 64-bit table, as many as git allows
    bool sort_ids = true;              // false: the index lists ids in the order they were added
    std::optional<std::uint32_t> declared_count = {};
};

struct BuiltPack {
    std::string pack;
    std::string index;
    std::vector<std::size_t> offsets;  // of each entry in the pack; one more: where the trailer starts
    std::string name;                  // "pack-<hex>"
};

class PackWriter {
public:
    explicit PackWriter(Hash hash = Hash::sha1) : m_hash(hash) {}

    /// Level for entries added from now on.
    void compress_with(Level level) { m_level = level; }

    /// A whole object.
    std::size_t add(Type type, std::string_view content);

    /// A delta on an entry that was added before. Throws std::invalid_argument where the id can be neither worked out
    /// nor is given.
    std::size_t add_ofs_delta(std::size_t base, std::string_view delta, std::optional<Id> id = {});

    /// A delta on any id: in this pack (before or after), known by know(), or nowhere (then the id must be given).
    std::size_t add_ref_delta(const Id& base, std::string_view delta, std::optional<Id> id = {});

    /// Any entry at all.
    std::size_t add_raw(PackEntry entry);

    /// Tells the writer of an object outside this pack, so that ids of deltas on it can be worked out.
    Id know(Type type, std::string_view content);

    [[nodiscard]] PackEntry& entry(std::size_t index) { return m_entries.at(index); }
    [[nodiscard]] const PackEntry& entry(std::size_t index) const { return m_entries.at(index); }
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] const Id& id(std::size_t index) const { return m_entries.at(index).id; }
    [[nodiscard]] Hash hash() const { return m_hash; }

    [[nodiscard]] BuiltPack build(const PackLayout& layout = {}) const;

    /// Writes `pack/pack-<hex>.pack` and `.idx` below the objects folder; returns that path without its ending.
    std::filesystem::path write(const std::filesystem::path& objects_dir, const PackLayout& layout = {}) const;

private:
    struct Object {
        Type type;
        std::string content;
    };
    std::size_t add_delta(PackEntry entry, const Object* base, std::string_view delta, const std::optional<Id>& id);

    Hash m_hash;
    Level m_level = Level::normal;
    std::vector<PackEntry> m_entries;
    std::map<Id, Object> m_known;
};

/// Writes a pack that was built (and perhaps damaged) by hand; as PackWriter::write.
std::filesystem::path write_pack(const std::filesystem::path& objects_dir, const BuiltPack& built);

}  // namespace r8scan::test
