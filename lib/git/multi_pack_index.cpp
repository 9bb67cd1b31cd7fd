#include "git/multi_pack_index.h"

#include "util/hash.h"

#include <cstring>
#include <map>

namespace r8scan::git {

namespace {

constexpr std::uint32_t chunk_id(const char (&name)[5])
{
    return static_cast<std::uint32_t>(name[0]) << 24U | static_cast<std::uint32_t>(name[1]) << 16U |
           static_cast<std::uint32_t>(name[2]) << 8U | static_cast<std::uint32_t>(name[3]);
}

Error damaged(const char* what)
{
    return {ErrorCode::damaged, what};
}

// The last bytes of the file are the hash of those before them.
bool has_right_hash(Bytes bytes, HashAlgorithm algorithm)
{
    const auto content = bytes.first(bytes.size() - hash_size(algorithm));
    Hasher hasher(algorithm);
    hasher.update(content);
    const auto digest = hasher.finish();
    return std::memcmp(digest.data(), content.data() + content.size(), hash_size(algorithm)) == 0;
}

}  // namespace

Result<MultiPackIndex> MultiPackIndex::open(const std::filesystem::path& path, HashAlgorithm algorithm)
{
    auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    MultiPackIndex index;
    index.m_file = std::move(*file);
    if (auto read = index.read(algorithm); !read) {
        return read.error().within(quoted(path));
    }
    if (auto same = index.m_file.unchanged(); !same) {
        return same.error();
    }
    return index;
}

Result<void> MultiPackIndex::read(HashAlgorithm algorithm)
{
    const auto bytes = m_file.bytes();
    m_id_size = hash_size(algorithm);
    constexpr std::size_t header_size = 12;
    if (bytes.size() < header_size + m_id_size || as_text(bytes.first(4)) != "MIDX") {
        return damaged("not a multi-pack-index");
    }
    const auto id_version = std::to_integer<unsigned>(bytes[5]);
    if (std::to_integer<unsigned>(bytes[4]) != 1 || id_version != (algorithm == HashAlgorithm::sha1 ? 1 : 2)) {
        return Error(ErrorCode::unsupported, "multi-pack-index of another version or hash");
    }
    const auto chunk_count = std::to_integer<std::size_t>(bytes[6]);
    const auto pack_count = read_be32(bytes.data() + 8);
    if (bytes.size() < header_size + 12 * (chunk_count + 1) + m_id_size) {
        return damaged("multi-pack-index is cut off");
    }
    std::map<std::uint32_t, Bytes> chunks;
    for (std::size_t i = 0; i < chunk_count; ++i) {
        const auto* row = bytes.data() + header_size + 12 * i;
        const auto begin = read_be64(row + 4);
        const auto end = read_be64(row + 16);
        if (begin > end || end > bytes.size() - m_id_size) {
            return damaged("multi-pack-index names a chunk outside itself");
        }
        chunks[read_be32(row)] = bytes.subspan(begin, end - begin);
    }
    const auto names = as_text(chunks[chunk_id("PNAM")]);
    for (std::size_t at = 0; m_pack_names.size() < pack_count;) {
        const auto end = names.find('\0', at);
        if (end == std::string_view::npos) {
            return damaged("multi-pack-index names fewer packs than it counts");
        }
        m_pack_names.emplace_back(names.substr(at, end - at));
        at = end + 1;
    }
    const auto fanout = chunks[chunk_id("OIDF")];
    if (fanout.size() != 256 * 4) {
        return damaged("multi-pack-index has no fanout");
    }
    m_count = read_be32(fanout.data() + 255 * 4);
    const auto ids = chunks[chunk_id("OIDL")];
    const auto offsets = chunks[chunk_id("OOFF")];
    if (ids.size() != m_count * m_id_size || offsets.size() != std::size_t{8} * m_count) {
        return damaged("multi-pack-index has tables of the wrong size");
    }
    m_ids = ids.data();
    m_offsets = offsets.data();
    m_long_offsets = chunks[chunk_id("LOFF")];
    for (std::uint32_t position = 0; position < m_count; ++position) {
        const auto offset32 = read_be32(m_offsets + std::size_t{8} * position + 4);
        const bool is_long = !m_long_offsets.empty() && (offset32 & 0x80000000U) != 0;
        if (pack(position) >= pack_count ||
            (is_long && std::size_t{8} * ((offset32 & 0x7fffffffU) + 1) > m_long_offsets.size())) {
            return damaged("multi-pack-index points outside its packs");
        }
    }
    if (!has_right_hash(bytes, algorithm)) {
        return damaged("multi-pack-index does not match its own hash");
    }
    return {};
}

std::uint64_t MultiPackIndex::offset(std::uint32_t position) const
{
    const auto offset32 = read_be32(m_offsets + std::size_t{8} * position + 4);
    if (m_long_offsets.empty() || (offset32 & 0x80000000U) == 0) {
        return offset32;
    }
    return read_be64(m_long_offsets.data() + std::size_t{8} * (offset32 & 0x7fffffffU));
}

}  // namespace r8scan::git
