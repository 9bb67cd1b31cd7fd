#include "git/pack_index.h"

#include <algorithm>
#include <limits>

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

Result<PackIndex> PackIndex::open(const std::filesystem::path& path, HashAlgorithm algorithm, IndexCheck check)
{
    auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    PackIndex index;
    index.m_file = std::move(*file);
    index.m_bytes = index.m_file.bytes();
    if (auto read = index.read(algorithm, check); !read) {
        return read.error().within(quoted(path));
    }
    return index;
}

Result<PackIndex> PackIndex::from_memory(std::vector<std::byte> bytes, HashAlgorithm algorithm)
{
    PackIndex index;
    index.m_memory = std::move(bytes);
    index.m_bytes = index.m_memory;
    if (auto read = index.read(algorithm, IndexCheck::whole); !read) {
        return read.error();
    }
    return index;
}

Result<void> PackIndex::read(HashAlgorithm algorithm, IndexCheck check)
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
    if (auto fits = check_fanout(); !fits || check == IndexCheck::structure) {
        return fits;
    }
    if (auto sorted = check_order(); !sorted) {
        return sorted;
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
    m_fanout = bytes.data();
    return {};
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
    m_fanout = bytes.data() + header;
    return {};
}

Result<void> PackIndex::check_fanout() const
{
    std::uint32_t previous = 0;
    for (std::uint32_t first = 0; first < 256; ++first) {
        const auto end = read_be32(m_fanout + std::size_t{4} * first);
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
    return {};
}

Result<void> PackIndex::check_order() const
{
    for (std::uint32_t position = 0; m_crcs != nullptr && position < m_count; ++position) {
        const auto offset = read_be32(m_offsets + position * m_offset_stride);
        if ((offset & long_offset_flag) != 0 && (offset & ~long_offset_flag) >= m_long_count) {
            return damaged("pack index names a 64-bit offset that is not there");
        }
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
    const std::size_t number = offset & ~long_offset_flag;
    return number < m_long_count ? read_be64(m_long_offsets + 8 * number) : std::numeric_limits<std::uint64_t>::max();
}

std::uint32_t PackIndex::lower_bound(Bytes bytes) const
{
    const auto first = std::to_integer<std::size_t>(bytes[0]);
    auto low = first == 0 ? 0 : read_be32(m_fanout + 4 * (first - 1));
    auto high = std::min(read_be32(m_fanout + 4 * first), m_count);
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        if (std::memcmp(id(middle).data(), bytes.data(), bytes.size()) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

std::optional<std::uint32_t> PackIndex::find(Bytes wanted) const
{
    if (wanted.size() != m_id_size) {
        return std::nullopt;
    }
    const auto at = lower_bound(wanted);
    return at < m_count && as_text(id(at)) == as_text(wanted) ? std::optional(at) : std::nullopt;
}

std::pair<std::uint32_t, std::uint32_t> PackIndex::find_prefix(std::string_view hex) const
{
    const auto whole = ObjectId::from_hex(std::string(hex) + std::string(2 * m_id_size - hex.size(), '0'));
    if (hex.size() < 2 || !whole) {
        return {0, 0};
    }
    const auto begin = lower_bound(whole->raw());
    auto end = begin;
    while (end < m_count && to_hex(id(end)).starts_with(hex)) {
        ++end;
    }
    return {begin, end};
}

}  // namespace r8scan::git
