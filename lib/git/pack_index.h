// Reader of pack indexes (.idx), versions 1 and 2 (gitformat-pack). A view over a mapped file: nothing is copied.
//
// open() checks what the accessors rely on (sizes, monotonic fanout), so these need no checks of their own. Offsets are
// checked by whoever uses them, against the pack's size. The file may change all the while (mapped_file.h): accessors
// then give any ids and offsets, and never leave the mapping.
#pragma once

#include "git/object_id.h"
#include "util/mapped_file.h"

#include <optional>

namespace r8scan::git {

/// How much of an index is checked when it is opened. `structure` takes no longer for a large index than for a small
/// one: enough where what is found by it is held against its hash.
enum class IndexCheck : std::uint8_t { whole, structure };

class PackIndex {
public:
    /// Maps and checks one index; with IndexCheck::whole its order and its hash over the whole file too.
    static Result<PackIndex> open(const std::filesystem::path& path, HashAlgorithm algorithm,
                                  IndexCheck check = IndexCheck::whole);
    /// The same for an index that was made in memory.
    static Result<PackIndex> from_memory(std::vector<std::byte> bytes, HashAlgorithm algorithm);

    [[nodiscard]] std::uint32_t count() const { return m_count; }
    [[nodiscard]] bool has_crc() const { return m_crcs != nullptr; }

    /// Raw id at a position in id order. Valid as long as this object.
    [[nodiscard]] Bytes id(std::uint32_t position) const
    {
        return {m_ids + static_cast<std::size_t>(position) * m_id_stride, m_id_size};
    }
    /// Beyond any file where the index names a 64-bit offset that is not there.
    [[nodiscard]] std::uint64_t offset(std::uint32_t position) const;
    /// Position of an id.
    [[nodiscard]] std::optional<std::uint32_t> find(Bytes id) const;
    /// Positions [first, second) of the ids that begin with these hex digits (at least two).
    [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> find_prefix(std::string_view hex) const;
    [[nodiscard]] std::uint32_t crc(std::uint32_t position) const { return read_be32(m_crcs + std::size_t{4} * position); }

    /// damaged: the file changed since it was opened.
    [[nodiscard]] Result<void> unchanged() const { return m_file.unchanged(); }

    /// The checksum of the pack that this index was made for.
    [[nodiscard]] Bytes pack_checksum() const { return m_pack_checksum; }

private:
    Result<void> read(HashAlgorithm algorithm, IndexCheck check);
    Result<void> read_version_1(std::size_t id_size);
    Result<void> read_version_2(std::size_t id_size);
    Result<void> check_fanout() const;
    Result<void> check_order() const;
    /// First position in the bucket of a first byte whose id is not less than the bytes.
    [[nodiscard]] std::uint32_t lower_bound(Bytes bytes) const;

    MappedFile m_file;               // one of these two holds
    std::vector<std::byte> m_memory; // what m_bytes views
    Bytes m_bytes;
    const std::byte* m_fanout = nullptr;
    const std::byte* m_ids = nullptr;
    const std::byte* m_crcs = nullptr;
    const std::byte* m_offsets = nullptr;       // version 2: 32-bit; version 1: beside each id
    const std::byte* m_long_offsets = nullptr;  // version 2
    std::size_t m_long_count = 0;
    std::size_t m_id_stride = 0;
    std::size_t m_offset_stride = 0;
    std::size_t m_id_size = 0;
    std::uint32_t m_count = 0;
    Bytes m_pack_checksum;
};

}  // namespace r8scan::git
