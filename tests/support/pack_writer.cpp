// Lays out packs and their indexes. See pack_writer.h.
#include "tests/support/pack_writer.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>

#include "tests/support/delta_builder.h"
#include "tests/support/temp_dir.h"

namespace r8scan::test {
namespace {

constexpr std::uint32_t in_64bit_table = 0x80000000U;

std::string big_endian(std::uint64_t value, unsigned bytes)
{
    std::string out;
    for (unsigned i = bytes; i > 0; --i) {
        out += static_cast<char>((value >> (8 * (i - 1))) & 0xffU);
    }
    return out;
}

/// Type in three bits, size in four and then seven at a time, low bits first.
std::string entry_header(unsigned type_bits, std::uint64_t size)
{
    std::string out;
    unsigned byte = ((type_bits & 7U) << 4U) | static_cast<unsigned>(size & 15U);
    size >>= 4U;
    while (size != 0) {
        out += static_cast<char>(byte | 0x80U);
        byte = static_cast<unsigned>(size & 0x7fU);
        size >>= 7U;
    }
    out += static_cast<char>(byte);
    return out;
}

/// Seven bits at a time, high bits first, each further byte counting from one on.
std::string ofs_varint(std::uint64_t distance)
{
    std::string out(1, static_cast<char>(distance & 0x7fU));
    while ((distance >>= 7U) != 0) {
        --distance;
        out.insert(out.begin(), static_cast<char>(0x80U | (distance & 0x7fU)));
    }
    return out;
}

std::string entry_bytes(const PackEntry& entry, std::size_t offset, const std::vector<std::size_t>& offsets)
{
    std::string out = entry_header(entry.type_bits, entry.declared_size);
    if (entry.ofs_distance) {
        out += ofs_varint(*entry.ofs_distance);
    } else if (entry.ofs_base) {
        out += ofs_varint(offset - offsets.at(*entry.ofs_base));
    }
    if (entry.ref_base) {
        out += entry.ref_base->raw;
    }
    return out + entry.compressed;
}

std::uint32_t crc_of(std::string_view bytes)
{
    return static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

/// One row of the index.
struct Row {
    Id id;
    std::uint64_t offset = 0;
    std::uint32_t crc = 0;
};

std::string fanout(const std::vector<Row>& rows)
{
    std::array<std::uint32_t, 256> counts{};
    for (const Row& row : rows) {
        ++counts[static_cast<unsigned char>(row.id.raw.at(0))];
    }
    std::partial_sum(counts.begin(), counts.end(), counts.begin());
    std::string out;
    for (const std::uint32_t count : counts) {
        out += big_endian(count, 4);
    }
    return out;
}

std::string index_v1(const std::vector<Row>& rows)
{
    std::string out = fanout(rows);
    for (const Row& row : rows) {
        out += big_endian(row.offset, 4) + row.id.raw;
    }
    return out;
}

std::string index_v2(const std::vector<Row>& rows, bool force_64bit_offsets)
{
    std::string out = std::string("\377tOc") + big_endian(2, 4) + fanout(rows);
    for (const Row& row : rows) {
        out += row.id.raw;
    }
    for (const Row& row : rows) {
        out += big_endian(row.crc, 4);
    }
    std::string large;
    for (const Row& row : rows) {
        // git takes at most n-1 large offsets, so the first entry (offset 12) stays small
        if (row.offset >= in_64bit_table || (force_64bit_offsets && row.offset != 12)) {
            out += big_endian(in_64bit_table | (large.size() / 8), 4);
            large += big_endian(row.offset, 8);
        } else {
            out += big_endian(row.offset, 4);
        }
    }
    return out + large;
}

}  // namespace

std::size_t PackWriter::add(Type type, std::string_view content)
{
    PackEntry entry;
    entry.type_bits = static_cast<unsigned>(type);
    entry.declared_size = content.size();
    entry.compressed = deflated(content, m_level);
    entry.id = object_id(m_hash, type, content);
    entry.type = type;
    entry.content = content;
    know(type, content);
    return add_raw(std::move(entry));
}

std::size_t PackWriter::add_ofs_delta(std::size_t base, std::string_view delta, std::optional<Id> id)
{
    PackEntry entry;
    entry.type_bits = ofs_delta_type;
    entry.ofs_base = base;
    const PackEntry& base_entry = m_entries.at(base);
    if (!base_entry.content) {
        return add_delta(std::move(entry), nullptr, delta, id);
    }
    const Object object{base_entry.type, *base_entry.content};
    return add_delta(std::move(entry), &object, delta, id);
}

std::size_t PackWriter::add_ref_delta(const Id& base, std::string_view delta, std::optional<Id> id)
{
    PackEntry entry;
    entry.type_bits = ref_delta_type;
    entry.ref_base = base;
    const auto known = m_known.find(base);
    return add_delta(std::move(entry), known == m_known.end() ? nullptr : &known->second, delta, id);
}

std::size_t PackWriter::add_delta(PackEntry entry, const Object* base, std::string_view delta,
                                  const std::optional<Id>& id)
{
    entry.declared_size = delta.size();
    entry.compressed = deflated(delta, m_level);
    if (base != nullptr) {
        entry.type = base->type;
        entry.content = apply_delta(base->content, delta);
    }
    if (id) {
        entry.id = *id;
    } else if (entry.content) {
        entry.id = know(entry.type, *entry.content);
    } else {
        throw std::invalid_argument("the id of this delta cannot be worked out: give one");
    }
    return add_raw(std::move(entry));
}

std::size_t PackWriter::add_raw(PackEntry entry)
{
    m_entries.push_back(std::move(entry));
    return m_entries.size() - 1;
}

Id PackWriter::know(Type type, std::string_view content)
{
    Id id = object_id(m_hash, type, content);
    m_known.insert_or_assign(id, Object{type, std::string(content)});
    return id;
}

BuiltPack PackWriter::build(const PackLayout& layout) const
{
    BuiltPack built;
    built.pack = "PACK" + big_endian(2, 4) +
                 big_endian(layout.declared_count.value_or(static_cast<std::uint32_t>(m_entries.size())), 4);
    std::vector<Row> rows;
    for (const PackEntry& entry : m_entries) {
        const std::size_t offset = built.pack.size();
        const std::string bytes = entry_bytes(entry, offset, built.offsets);
        built.offsets.push_back(offset);
        built.pack += bytes;
        if (entry.in_index) {
            rows.push_back({entry.id, entry.index_offset.value_or(offset), entry.crc.value_or(crc_of(bytes))});
        }
    }
    built.offsets.push_back(built.pack.size());
    const std::string trailer = digest(m_hash, built.pack);
    built.pack += trailer;

    if (layout.sort_ids) {
        std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.id < b.id; });
    }
    built.index = layout.index_version == 1 ? index_v1(rows) : index_v2(rows, layout.force_64bit_offsets);
    built.index += trailer;
    built.index += digest(m_hash, built.index);
    built.name = "pack-" + to_hex(trailer);
    return built;
}

std::filesystem::path PackWriter::write(const std::filesystem::path& objects_dir, const PackLayout& layout) const
{
    return write_pack(objects_dir, build(layout));
}

std::filesystem::path write_pack(const std::filesystem::path& objects_dir, const BuiltPack& built)
{
    const std::filesystem::path base = objects_dir / "pack" / built.name;
    write_file(base.string() + ".pack", built.pack);
    write_file(base.string() + ".idx", built.index);
    return base;
}

}  // namespace r8scan::test
