// Reader of multi-pack-index files (gitformat-pack, "multi-pack-index"), used to check that every pack it names is
// there: a pack that lost its files would otherwise go unseen.
//
// Look-ups do not go through it. The object table holds one sorted list of ids over all packs, built from the packs'
// own indexes, which git always keeps beside them.
#pragma once

#include "git/object_id.h"
#include "util/mapped_file.h"

namespace r8scan::git {

class MultiPackIndex {
public:
    static Result<MultiPackIndex> open(const std::filesystem::path& path, HashAlgorithm algorithm);

    /// Names of the index files of its packs, as they stand ("pack-….idx").
    [[nodiscard]] const std::vector<std::string>& pack_names() const { return m_pack_names; }
    [[nodiscard]] std::uint32_t count() const { return m_count; }
    /// Raw id at a position in id order; which pack holds it, and where. Valid as long as this object.
    [[nodiscard]] Bytes id(std::uint32_t position) const
    {
        return {m_ids + position * m_id_size, m_id_size};
    }
    [[nodiscard]] std::uint32_t pack(std::uint32_t position) const { return read_be32(m_offsets + std::size_t{8} * position); }
    [[nodiscard]] std::uint64_t offset(std::uint32_t position) const;

private:
    Result<void> read(HashAlgorithm algorithm);

    MappedFile m_file;
    std::vector<std::string> m_pack_names;
    std::size_t m_id_size = 0;
    std::uint32_t m_count = 0;
    const std::byte* m_ids = nullptr;
    const std::byte* m_offsets = nullptr;
    Bytes m_long_offsets;
};

}  // namespace r8scan::git
