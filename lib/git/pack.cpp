#include "git/pack.h"

#include "git/index_rebuild.h"

namespace r8scan::git {

Result<Pack> Pack::open(const std::filesystem::path& pack_path, HashAlgorithm algorithm, IndexCheck check)
{
    Pack pack;
    pack.m_path = pack_path;
    pack.m_id_size = hash_size(algorithm);
    auto file = MappedFile::open(pack_path);
    if (!file) {
        return file.error();
    }
    pack.m_file = std::move(*file);
    pack.m_bytes = pack.m_file.bytes();
    if (pack.bytes().size() < first_entry + pack.m_id_size) {
        return Error(ErrorCode::damaged, quoted(pack_path) + ": pack is too short");
    }
    pack.m_entries_end = pack.bytes().size() - pack.m_id_size;
    auto index_path = pack_path;
    auto index = PackIndex::open(index_path.replace_extension(".idx"), algorithm, check);
    if (!index) {
        const auto why = index.error().message();
        auto rebuilt = rebuild_index(pack, algorithm);
        if (!rebuilt) {
            return rebuilt.error().within(quoted(pack_path)).within(why);
        }
        index = PackIndex::from_memory(std::move(*rebuilt), algorithm);
        if (!index) {
            return index.error().within(quoted(pack_path));
        }
        pack.m_complaints.push_back("its index was made anew from the pack: " + why);
    }
    pack.m_index = std::move(*index);
    pack.check_header();
    pack.check_trailer();
    return pack;
}

Result<Pack> Pack::from_memory(Bytes bytes, HashAlgorithm algorithm)
{
    Pack pack;
    pack.m_path = "pack";
    pack.m_id_size = hash_size(algorithm);
    pack.m_bytes = bytes;
    if (bytes.size() < first_entry + pack.m_id_size) {
        return Error(ErrorCode::damaged, "pack is too short");
    }
    pack.m_entries_end = bytes.size() - pack.m_id_size;
    auto rebuilt = rebuild_index(pack, algorithm);
    if (!rebuilt) {
        return rebuilt.error();
    }
    auto index = PackIndex::from_memory(std::move(*rebuilt), algorithm);
    if (!index) {
        return index.error();
    }
    pack.m_index = std::move(*index);
    pack.check_header();
    // What stands behind the last entry is the trailer, or whatever else follows the pack: nothing to hold it against.
    return pack;
}

Result<void> Pack::unchanged() const
{
    auto same = m_file.unchanged();
    return same ? m_index.unchanged() : same;
}

void Pack::check_header()
{
    const auto bytes = this->bytes();
    if (as_text(bytes.first(4)) != "PACK") {
        m_complaints.emplace_back("signature is not PACK");
    }
    // Version 3 is in the documentation, and no program writes it: damage is likelier.
    if (const auto version = read_be32(bytes.data() + 4); version != 2) {
        m_complaints.push_back("version " + std::to_string(version) + " is not what git writes");
    }
    if (const auto count = read_be32(bytes.data() + 8); count != m_index.count()) {
        m_complaints.push_back("header counts " + std::to_string(count) + " objects, the index " +
                               std::to_string(m_index.count()));
    }
}

void Pack::check_trailer()
{
    const auto trailer = m_index.pack_checksum();
    m_has_trailer = as_text(bytes().last(trailer.size())) == as_text(trailer);
    if (!m_has_trailer) {
        m_complaints.emplace_back("trailer differs from the one that the index names");
    }
}

Result<EntryHeader> Pack::header_at(std::uint64_t offset, std::uint64_t end) const
{
    const auto damaged = [](const char* what) { return Error(ErrorCode::damaged, what); };
    if (offset < first_entry || offset >= end || end > readable_end()) {
        return damaged("offset lies outside the pack");
    }
    const std::byte* at = m_bytes.data() + offset;
    const std::byte* const stop = m_bytes.data() + end;

    auto byte = std::to_integer<std::uint64_t>(*at++);
    EntryHeader header;
    header.type = static_cast<ObjectType>((byte >> 4U) & 7U);
    header.size = byte & 15U;
    for (unsigned shift = 4; (byte & 0x80U) != 0; shift += 7) {
        if (at == stop || shift > 57) {
            return damaged("size in the entry header does not end");
        }
        byte = std::to_integer<std::uint64_t>(*at++);
        header.size |= (byte & 0x7fU) << shift;
    }

    switch (header.type) {
        case ObjectType::ofs_delta: {
            std::uint64_t distance = 0;
            for (bool first = true, more = true; more; first = false) {
                if (at == stop || distance > (std::uint64_t{1} << 55U)) {
                    return damaged("delta base offset does not end");
                }
                byte = std::to_integer<std::uint64_t>(*at++);
                more = (byte & 0x80U) != 0;
                distance = ((first ? 0 : distance + 1) << 7U) | (byte & 0x7fU);
            }
            if (distance == 0 || distance > offset - first_entry) {
                return damaged("delta base offset lies outside the pack");
            }
            header.base_distance = distance;
            break;
        }
        case ObjectType::ref_delta:
            if (static_cast<std::size_t>(stop - at) < m_id_size) {
                return damaged("delta base id is cut off");
            }
            header.base_id = {at, m_id_size};
            at += m_id_size;
            break;
        case ObjectType::commit:
        case ObjectType::tree:
        case ObjectType::blob:
        case ObjectType::tag: break;
        default: return damaged("entry has a type that does not exist");
    }
    header.data_offset = static_cast<std::uint64_t>(at - m_bytes.data());
    return header;
}

}  // namespace r8scan::git
