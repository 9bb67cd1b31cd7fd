#include "git/pack_index.h"

namespace r8scan::git {

namespace {

constexpr std::uint32_t version_2_magic = 0xff744f63;
constexpr std::size_t fanout_size = 256 * 4;
constexpr std::uint32_t long_offset_flag = 0x80000000;

Error damaged(std::string what)
{
    return {ErrorCode::damaged, std::move(what)};
}

}  // namespace

Result<PackIndex> PackIndex::open(const std::filesystem::path& path, HashAlgorithm algorithm)
{
    auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    PackIndex index;
    index.m_file = std::move(*file);
    index.m_bytes = index.m_file.bytes();
    if (auto read = index.read(algorithm); !read) {
        return read.error().within(quoted(path));
    }
    return index;
}

Result<PackIndex> PackIndex::from_memory(std::vector<std::byte> bytes, HashAlgorithm algorithm)
{
    PackIndex index;
    index.m_memory = std::move(bytes);
    index.m_bytes = index.m_memory;
    if (auto read = index.read(algorithm); !read) {
        return read.error();
    }
    return index;
}

Result<void> PackIndex::read(HashAlgorithm algorithm)
{
    const auto bytes = m_bytes;
    const auto id_size = hash_size(algorithm);
    if (bytes.size() < fanout_size + 2 * id_size) {
        return damaged("pack index is too short");
    }
    const bool version_2 = read_be32(bytes.data()) == version_2_magic;
    if (auto read = version_2 ? read_version_2(id_size) : read_version_1(id_size); !read) {
        return read;
    }
    Hasher hasher(algorithm);
    hasher.update(bytes.first(bytes.size() - id_size));
    const auto digest = hasher.finish();
    if (std::memcmp(digest.data(), bytes.data() + bytes.size() - id_size, id_size) != 0) {
        return damaged("checksum of the pack index does not match");
    }
    return {};
}

Result<void> PackIndex::read_version_1(std::size_t id_size)
{
    const auto bytes = m_bytes;
    m_count = read_be32(bytes.data() + fanout_size - 4);
    m_id_size = id_size;
    m_id_stride = m_offset_stride = 4 + id_size;
    if (bytes.size() != fanout_size + m_count * m_id_stride + 2 * id_size) {
        return damaged("size of the pack index does not fit its object count");
    }
    m_offsets = bytes.data() + fanout_size;
    m_ids = m_offsets + 4;
    m_pack_checksum = bytes.subspan(bytes.size() - 2 * id_size, id_size);
    return check_fanout_and_order(bytes.data());
}

Result<void> PackIndex::read_version_2(std::size_t id_size)
{
    constexpr std::size_t header = 8;
    const auto bytes = m_bytes;
    if (bytes.size() < header + fanout_size + 2 * id_size) {
        return damaged("pack index is too short");
    }
    if (const auto version = read_be32(bytes.data() + 4); version != 2) {
        return Error(ErrorCode::unsupported, "pack index version " + std::to_string(version) + " is not known");
    }
    m_count = read_be32(bytes.data() + header + fanout_size - 4);
    m_id_size = m_id_stride = id_size;
    m_offset_stride = 4;
    const std::size_t count = m_count;
    const std::size_t least = header + fanout_size + count * (id_size + 4 + 4) + 2 * id_size;
    if (bytes.size() < least || (bytes.size() - least) % 8 != 0) {
        return damaged("size of the pack index does not fit its object count");
    }
    m_ids = bytes.data() + header + fanout_size;
    m_crcs = m_ids + count * id_size;
    m_offsets = m_crcs + count * 4;
    m_long_offsets = m_offsets + count * 4;
    m_long_count = (bytes.size() - least) / 8;
    m_pack_checksum = bytes.subspan(bytes.size() - 2 * id_size, id_size);
    for (std::size_t i = 0; i < count; ++i) {
        const auto offset = read_be32(m_offsets + 4 * i);
        if ((offset & long_offset_flag) != 0 && (offset & ~long_offset_flag) >= m_long_count) {
            return damaged("pack index names a 64-bit offset that is not there");
        }
    }
    return check_fanout_and_order(bytes.data() + header);
}

Result<void> PackIndex::check_fanout_and_order(const std::byte* fanout) const
{
    std::uint32_t previous = 0;
    for (std::uint32_t first = 0; first < 256; ++first) {
        const auto end = read_be32(fanout + std::size_t{4} * first);
        if (end < previous || end > m_count) {
            return damaged("fanout of the pack index is not monotonic");
        }
        for (const auto edge : {previous, end - 1}) {
            if (previous != end && std::to_integer<std::uint32_t>(id(edge)[0]) != first) {
                return damaged("fanout of the pack index does not fit its ids");
            }
        }
        previous = end;
    }
    for (std::uint32_t position = 1; position < m_count; ++position) {
        if (std::memcmp(id(position - 1).data(), id(position).data(), m_id_size) > 0) {
            return damaged("ids of the pack index are not sorted");
        }
    }
    return {};
}

std::uint64_t PackIndex::offset(std::uint32_t position) const
{
    const auto offset = read_be32(m_offsets + position * m_offset_stride);
    if (m_crcs == nullptr || (offset & long_offset_flag) == 0) {
        return offset;
    }
    return read_be64(m_long_offsets + std::size_t{8} * (offset & ~long_offset_flag));
}

}  // namespace r8scan::git
