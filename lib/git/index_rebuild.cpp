#include "git/index_rebuild.h"

#include "git/buffer.h"
#include "git/delta.h"
#include "git/inflate.h"

#include <libdeflate.h>

#include <algorithm>
#include <map>
#include <memory>

namespace r8scan::git {

namespace {

constexpr std::uint64_t largest_object = 1ULL << 30U;

struct FoundEntry {
    std::uint64_t offset = 0;
    std::uint64_t end = 0;
    EntryHeader header;
    std::uint32_t crc = 0;
    ObjectId id;  // of size 0 until it is known
};

// An object whose deltas wait for it.
struct KnownObject {
    ObjectType type = ObjectType::unknown;
    Buffer buffer;
};

struct WaitingDelta {
    std::size_t entry = 0;
    std::shared_ptr<const KnownObject> base;
};

class IndexRebuilder {
public:
    IndexRebuilder(const Pack& pack, HashAlgorithm algorithm)
        : m_pack(pack), m_algorithm(algorithm), m_hasher(algorithm)
    {
    }

    Result<std::vector<std::byte>> run()
    {
        if (auto found = find_entries(); !found) {
            return found.error();
        }
        name_entries();
        return write();
    }

private:
    // Each entry begins where the zlib stream of the one before ends.
    Result<void> find_entries()
    {
        const auto bytes = m_pack.bytes();
        const auto stop = m_pack.entries_end();
        Buffer scratch;
        for (auto offset = Pack::first_entry; offset < stop;) {
            const auto header = m_pack.header_at(offset, stop);
            Result<std::size_t> length = header ? Result<std::size_t>(std::size_t{0}) : header.error();
            if (header) {
                const auto stream = bytes.subspan(header->data_offset, stop - header->data_offset);
                length = plausible_size(header->size, stream.size()) && header->size <= largest_object
                             ? m_inflater.inflate_front(stream, scratch.make(header->size))
                             : Error(ErrorCode::limit, "entry is over the limit");
            }
            if (!length) {
                return m_entries.empty() ? Result<void>(length.error()) : Result<void>();
            }
            FoundEntry entry;
            entry.offset = offset;
            entry.header = *header;
            entry.end = header->data_offset + *length;
            offset = entry.end;
            m_entries.push_back(entry);
        }
        return {};
    }

    void name_entries()
    {
        for (std::size_t i = 0; i < m_entries.size(); ++i) {
            const auto& entry = m_entries[i];
            if (entry.header.type == ObjectType::ofs_delta) {
                m_deltas_of_offset[entry.offset - entry.header.base_distance].push_back(i);
            } else if (entry.header.type == ObjectType::ref_delta) {
                m_deltas_of_id[ObjectId::from_raw(entry.header.base_id)].push_back(i);
            }
        }
        for (std::size_t i = 0; i < m_entries.size(); ++i) {
            const auto type = m_entries[i].header.type;
            if (type == ObjectType::ofs_delta || type == ObjectType::ref_delta) {
                continue;
            }
            auto object = std::make_shared<KnownObject>();
            object->type = type;
            if (m_inflater.inflate_front(stream_of(i), object->buffer.make(m_entries[i].header.size))) {
                name(i, object);
            }
            while (!m_waiting.empty()) {
                const auto next = std::move(m_waiting.back());
                m_waiting.pop_back();
                build(next);
            }
        }
    }

    void build(const WaitingDelta& waiting)
    {
        const auto base = waiting.base->buffer.bytes();
        if (!m_inflater.inflate_front(stream_of(waiting.entry), m_delta.make(m_entries[waiting.entry].header.size))) {
            return;
        }
        const auto size = Delta::declared_size(m_delta.bytes());
        if (!size || *size > largest_object) {
            return;
        }
        const auto delta = Delta::open(m_delta.bytes(), base.size());
        if (!delta) {
            return;
        }
        auto object = std::make_shared<KnownObject>();
        object->type = waiting.base->type;
        if (!delta->apply(base, object->buffer.make(delta->result_size()).data())) {
            return;
        }
        name(waiting.entry, object);
    }

    // The object's id is known now, and so are the bases of the deltas that wait for it.
    void name(std::size_t index, const std::shared_ptr<const KnownObject>& object)
    {
        auto& entry = m_entries[index];
        entry.id = hash_object(m_hasher, m_algorithm, object->type, object->buffer.bytes());
        const auto release = [&](std::vector<std::size_t>& deltas) {
            for (const auto delta : deltas) {
                m_waiting.push_back({delta, object});
            }
            deltas.clear();
        };
        if (const auto at = m_deltas_of_offset.find(entry.offset); at != m_deltas_of_offset.end()) {
            release(at->second);
        }
        if (const auto at = m_deltas_of_id.find(entry.id); at != m_deltas_of_id.end()) {
            release(at->second);
        }
    }

    [[nodiscard]] Bytes stream_of(std::size_t index) const
    {
        const auto& entry = m_entries[index];
        return m_pack.bytes().subspan(entry.header.data_offset, entry.end - entry.header.data_offset);
    }

    // A reader takes an entry to end where the next one of the index begins: what could not be listed, and what lies
    // behind damage, counts to the entry before it.
    void sum_up_to_next()
    {
        for (std::size_t i = 0; i < m_entries.size(); ++i) {
            const auto end = i + 1 < m_entries.size() ? m_entries[i + 1].offset : m_pack.entries_end();
            m_entries[i].crc = libdeflate_crc32(0, m_pack.bytes().data() + m_entries[i].offset, end - m_entries[i].offset);
        }
    }

    std::vector<std::byte> write()
    {
        std::erase_if(m_entries, [](const FoundEntry& entry) { return entry.id.size == 0; });
        sum_up_to_next();
        std::sort(m_entries.begin(), m_entries.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
        put32(0xff744f63);
        put32(2);
        std::size_t below = 0;
        for (unsigned first = 0; first < 256; ++first) {
            while (below < m_entries.size() && std::to_integer<unsigned>(m_entries[below].id.bytes[0]) <= first) {
                ++below;
            }
            put32(static_cast<std::uint32_t>(below));
        }
        for (const auto& entry : m_entries) {
            put(entry.id.raw());
        }
        for (const auto& entry : m_entries) {
            put32(entry.crc);
        }
        std::vector<std::uint64_t> long_offsets;
        for (const auto& entry : m_entries) {
            if (entry.offset < 0x80000000U) {
                put32(static_cast<std::uint32_t>(entry.offset));
            } else {
                put32(0x80000000U | static_cast<std::uint32_t>(long_offsets.size()));
                long_offsets.push_back(entry.offset);
            }
        }
        for (const auto offset : long_offsets) {
            put32(static_cast<std::uint32_t>(offset >> 32U));
            put32(static_cast<std::uint32_t>(offset));
        }
        put(m_pack.bytes().last(hash_size(m_algorithm)));
        m_hasher.update(m_out);
        const auto digest = m_hasher.finish();
        put(Bytes(digest).first(hash_size(m_algorithm)));
        return std::move(m_out);
    }

    void put(Bytes bytes) { m_out.insert(m_out.end(), bytes.begin(), bytes.end()); }
    void put32(std::uint32_t number)
    {
        const std::uint32_t big_endian = __builtin_bswap32(number);
        put(std::as_bytes(std::span(&big_endian, 1)));
    }

    const Pack& m_pack;
    HashAlgorithm m_algorithm;
    Hasher m_hasher;
    Inflater m_inflater;
    Buffer m_delta;
    std::vector<FoundEntry> m_entries;
    std::map<std::uint64_t, std::vector<std::size_t>> m_deltas_of_offset;
    std::map<ObjectId, std::vector<std::size_t>> m_deltas_of_id;
    std::vector<WaitingDelta> m_waiting;
    std::vector<std::byte> m_out;
};

}  // namespace

Result<std::vector<std::byte>> rebuild_index(const Pack& pack, HashAlgorithm algorithm)
{
    return IndexRebuilder(pack, algorithm).run();
}

}  // namespace r8scan::git
