// One pack: the mapped .pack beside its index, and the reader of entry headers (gitformat-pack).
#pragma once

#include "git/pack_index.h"

namespace r8scan::git {

/// What stands before an entry's zlib stream.
struct EntryHeader {
    ObjectType type = ObjectType::unknown;
    std::uint64_t size = 0;           // inflated size of the entry's own stream (for a delta: of the delta)
    std::uint64_t data_offset = 0;    // of the zlib stream
    std::uint64_t base_distance = 0;  // ofs_delta: bytes back to the base's header
    Bytes base_id;                    // ref_delta; lives as long as the pack
};

class Pack {
public:
    /// Maps the pack and its index. Damage that leaves entries readable (header, trailer, an index that had to be made
    /// anew) is put into complaints(); a file that cannot be read, or that holds nothing of a pack, is the error.
    static Result<Pack> open(const std::filesystem::path& pack_path, HashAlgorithm algorithm,
                             IndexCheck check = IndexCheck::whole);

    /// A pack that lies in memory without an index (in an archive, a bundle): its entries are listed from its own bytes,
    /// which must outlive it. Bytes behind the pack are allowed.
    static Result<Pack> from_memory(Bytes bytes, HashAlgorithm algorithm);

    /// Reads the header of the entry at offset, none of whose bytes may lie at or beyond end.
    [[nodiscard]] Result<EntryHeader> header_at(std::uint64_t offset, std::uint64_t end) const;

    [[nodiscard]] const PackIndex& index() const { return m_index; }
    [[nodiscard]] Bytes bytes() const { return m_bytes; }
    /// Where the entries end and the trailer begins, if the file has its proper length.
    [[nodiscard]] std::uint64_t entries_end() const { return m_entries_end; }
    /// False where the trailer is not the one that the index names: damaged, or the file was cut off somewhere.
    [[nodiscard]] bool has_trailer() const { return m_has_trailer; }
    /// No entry reaches beyond this.
    [[nodiscard]] std::uint64_t readable_end() const { return m_has_trailer ? m_entries_end : bytes().size(); }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] const std::vector<std::string>& complaints() const { return m_complaints; }
    /// damaged: the pack or its index changed since they were opened, so anything read from them may be wrong.
    [[nodiscard]] Result<void> unchanged() const;

    static constexpr std::uint64_t first_entry = 12;  // after "PACK", version and count

private:
    void check_header();
    void check_trailer();

    std::filesystem::path m_path;
    MappedFile m_file;
    Bytes m_bytes;  // of the file, or what from_memory() was given
    PackIndex m_index;
    std::size_t m_id_size = 0;
    std::uint64_t m_entries_end = 0;
    bool m_has_trailer = true;
    std::vector<std::string> m_complaints;
};

}  // namespace r8scan::git
