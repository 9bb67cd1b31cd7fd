#include "git/reftable_table.h"

#include "git/inflate.h"

#include <libdeflate.h>

#include <map>
#include <vector>

namespace r8scan::git {

namespace {

constexpr std::size_t block_header = 4;                   // type and size
constexpr std::uint64_t inflated_in_all = 512ULL << 20U;  // of all blocks of reflogs

Error damaged(std::string what)
{
    return {ErrorCode::damaged, std::move(what)};
}

class TableReader {
public:
    TableReader(Bytes table, HashAlgorithm algorithm, const ReftableVisitor& visitor)
        : m_table(table), m_algorithm(algorithm), m_visitor(visitor)
    {
    }

    Result<void> read()
    {
        if (auto header = read_header(); !header) {
            return header;
        }
        // The first block begins with the header of the file.
        auto begin = m_header_size;
        while (begin < m_blocks_end) {
            const auto next = read_block(begin);
            if (!next) {
                return next.error().within("block at " + std::to_string(begin));
            }
            begin = *next;
        }
        if (!m_promised.empty()) {
            return damaged("footer leads to a block that is not there");
        }
        return {};
    }

private:
    Result<void> read_header()
    {
        if (m_table.size() < 5 || as_text(m_table.first(4)) != "REFT") {
            return damaged("is no reftable");
        }
        const auto version = std::to_integer<unsigned>(m_table[4]);
        if (version != 1 && version != 2) {
            return Error(ErrorCode::unsupported, "reftable version " + std::to_string(version) + " is not known");
        }
        m_header_size = version == 1 ? 24 : 28;
        const auto footer_size = m_header_size + 5 * 8 + 4;
        if (m_table.size() < m_header_size + footer_size) {
            return damaged("is cut off");
        }
        m_blocks_end = m_table.size() - footer_size;
        const auto footer = m_table.subspan(m_blocks_end);
        if (libdeflate_crc32(0, footer.data(), footer_size - 4) != read_be32(footer.data() + footer_size - 4)) {
            return damaged("checksum of the footer does not match: it is damaged or cut off");
        }
        if (as_text(footer.first(m_header_size)) != as_text(m_table.first(m_header_size))) {
            return damaged("header and footer do not agree");
        }
        m_alignment = read_be32(m_table.data() + 4) & 0xffffffU;
        m_terms.min_update_index = read_be64(m_table.data() + 8);
        m_terms.id_size = hash_size(m_algorithm);
        // A block whose type was damaged would be stepped over without these.
        for (const auto& [offset, type] : {std::pair(0, 'i'), std::pair(24, 'g')}) {
            const auto position = read_be64(footer.data() + m_header_size + static_cast<std::size_t>(offset));
            if (position != 0) {
                m_promised.emplace(position, type);
            }
        }
        const auto hash = version == 1 ? "sha1" : as_text(m_table.subspan(24, 4));
        if (hash != (m_algorithm == HashAlgorithm::sha1 ? "sha1" : "s256")) {
            return damaged("has ids of another hash than the repository");
        }
        return {};
    }

    // Reads the block whose own header is at `begin`; says where the next one's is.
    Result<std::size_t> read_block(std::size_t begin)
    {
        if (m_blocks_end - begin < block_header) {
            return damaged("is cut off");
        }
        // Offsets and the size count from the start of the file for the first block, which holds the file's header.
        const auto start = begin == m_header_size ? 0 : begin;
        const auto records = begin - start + block_header;
        const auto type = std::to_integer<char>(m_table[begin]);
        const std::size_t size = read_be32(m_table.data() + begin) & 0xffffffU;
        if (const auto promised = m_promised.find(start); promised != m_promised.end()) {
            if (promised->second != type) {
                return damaged("is not what the footer says it is");
            }
            m_promised.erase(promised);
        }
        if (size < records) {
            return damaged("is smaller than its own header");
        }
        if (type != m_section) {
            m_key.clear();
            m_section = type;
        }
        if (type == 'g') {
            return read_log_block(start, records, size);
        }
        if (type != 'r' && type != 'i' && type != 'o') {
            return damaged("is of no known type");
        }
        if (size > m_blocks_end - start) {
            return damaged("is cut off");
        }
        if (type == 'r') {
            if (auto read =
                    read_reftable_block(m_table.subspan(start, size), records, false, m_terms, m_key, m_visitor);
                !read) {
                return read.error();
            }
        }
        return skip_padding(start + size);
    }

    Result<std::size_t> read_log_block(std::size_t start, std::size_t records, std::size_t size)
    {
        const auto stream = m_table.subspan(start + records, m_blocks_end - start - records);
        if (!plausible_size(size - records, stream.size())) {
            return damaged("says that it is larger than it can be");
        }
        if (size > m_inflated_left) {
            return Error(ErrorCode::limit, "reflogs are larger than " + std::to_string(inflated_in_all) + " bytes");
        }
        m_inflated_left -= size;
        m_block.resize(size);
        const auto used = m_inflater.inflate_front(stream, std::span(m_block).subspan(records));
        if (!used) {
            return used.error();
        }
        if (auto read = read_reftable_block(m_block, records, true, m_terms, m_key, m_visitor); !read) {
            return read.error();
        }
        return skip_padding(start + records + *used);
    }

    // Blocks of an aligned table are filled up with NULs, all but the last and those of reflogs.
    Result<std::size_t> skip_padding(std::size_t at)
    {
        const auto begin = at;
        while (at < m_blocks_end && m_table[at] == std::byte{0}) {
            ++at;
        }
        if (at - begin > m_alignment) {
            return damaged("has more padding behind it than its table allows");
        }
        return at;
    }

    Bytes m_table;
    HashAlgorithm m_algorithm;
    const ReftableVisitor& m_visitor;
    std::size_t m_header_size = 0;
    std::size_t m_blocks_end = 0;
    std::size_t m_alignment = 0;
    std::map<std::uint64_t, char> m_promised;  // types of blocks, by where they begin
    char m_section = '\0';
    std::string m_key;
    ReftableTerms m_terms;
    std::uint64_t m_inflated_left = inflated_in_all;
    std::vector<std::byte> m_block;
    Inflater m_inflater;
};

}  // namespace

Result<void> read_reftable(Bytes table, HashAlgorithm algorithm, const ReftableVisitor& visitor)
{
    return TableReader(table, algorithm, visitor).read();
}

}  // namespace r8scan::git
