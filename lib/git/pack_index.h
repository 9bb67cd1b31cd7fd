// Reader of pack indexes (.idx), versions 1 and 2 (gitformat-pack). A view over a mapped file: nothing is copied.
//
// open() checks everything that the accessors rely on (sizes, monotonic fanout, sorted ids), so these need no checks
// of their own. Offsets are checked by whoever uses them, against the pack's size.
#pragma once

#include "git/object_id.h"
#include "util/file.h"

#include <optional>

namespace r8scan::git {

class PackIndex {
public:
    /// Maps and checks one index, its hash over the whole file included.
    static Result<PackIndex> open(const std::filesystem::path& path, HashAlgorithm algorithm);
    /// The same for an index that was made in memory.
    static Result<PackIndex> from_memory(std::vector<std::byte> bytes, HashAlgorithm algorithm);

    [[nodiscard]] std::uint32_t count() const { return m_count; }
    [[nodiscard]] bool has_crc() const { return m_crcs != nullptr; }

    /// Raw id at a position in id order. Valid as long as this object.
    [[nodiscard]] Bytes id(std::uint32_t position) const
    {
        return {m_ids + static_cast<std::size_t>(position) * m_id_stride, m_id_size};
    }
    [[nodiscard]] std::uint64_t offset(std::uint32_t position) const;
    [[nodiscard]] std::uint32_t crc(std::uint32_t position) const { return read_be32(m_crcs + std::size_t{4} * position); }

    /// The checksum of the pack that this index was made for.
    [[nodiscard]] Bytes pack_checksum() const { return m_pack_checksum; }

private:
    Result<void> read(HashAlgorithm algorithm);
    Result<void> read_version_1(std::size_t id_size);
    Result<void> read_version_2(std::size_t id_size);
    Result<void> check_fanout_and_order(const std::byte* fanout) const;

    MappedFile m_file;               // one of these two holds
    std::vector<std::byte> m_memory; // what m_bytes views
    Bytes m_bytes;
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
