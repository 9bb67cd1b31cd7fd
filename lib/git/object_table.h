// The table of every object entry of a repository, in all packs and loose: 32 bytes each.
//
// Entries of one pack stand together in offset order, packs in the order of the stores, loose objects last. A delta
// has the type of its base. An object that is stored twice has two entries; the first is the primary one, the others
// are marked duplicate and read only where the primary cannot be.
// Built once, then read-only: all accessors may be called from any thread.
#pragma once

#include "git/object_stores.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace r8scan::git {

using EntryIndex = std::uint32_t;
inline constexpr EntryIndex no_entry = std::numeric_limits<EntryIndex>::max();

/// Why an entry cannot be read, known before it is tried.
enum class EntryFault : std::uint8_t {
    none,
    bad_header,    // the entry header makes no sense
    missing_base,  // a delta whose base is nowhere
    cycle,         // a delta that is, over others, its own base
    broken_base,   // a delta on an entry that has one of these faults
};

class ObjectTable {
public:
    static ObjectTable build(const ObjectStores& stores, unsigned threads);

    [[nodiscard]] EntryIndex size() const { return static_cast<EntryIndex>(m_entries.size()); }
    [[nodiscard]] const ObjectStores& stores() const { return *m_stores; }

    [[nodiscard]] bool is_loose(EntryIndex entry) const { return m_entries[entry].source == loose_source; }
    [[nodiscard]] const LooseFile& loose(EntryIndex entry) const { return m_stores->loose[m_entries[entry].position]; }
    [[nodiscard]] const Pack& pack(EntryIndex entry) const { return m_stores->packs[m_entries[entry].source]; }
    [[nodiscard]] bool same_source(EntryIndex a, EntryIndex b) const
    {
        return m_entries[a].source == m_entries[b].source;
    }

    /// Offset of the entry's header in its pack, and where the next entry begins.
    [[nodiscard]] std::uint64_t offset(EntryIndex entry) const { return m_entries[entry].offset(); }
    [[nodiscard]] std::uint64_t end(EntryIndex entry) const;
    /// The entry's bytes in its pack, header included.
    [[nodiscard]] Bytes stored(EntryIndex entry) const
    {
        const auto finish = end(entry);
        const auto begin = std::min(offset(entry), finish);  // an entry may begin behind the end of a pack that was cut
        return pack(entry).bytes().subspan(begin, finish - begin);
    }
    [[nodiscard]] bool has_crc(EntryIndex entry) const { return pack(entry).index().has_crc(); }
    [[nodiscard]] std::uint32_t crc(EntryIndex entry) const
    {
        return pack(entry).index().crc(m_entries[entry].position);
    }

    /// Raw id; valid as long as the stores.
    [[nodiscard]] Bytes id(EntryIndex entry) const;
    /// The type, unknown for loose objects (only reading tells) and for what has a fault.
    [[nodiscard]] ObjectType type(EntryIndex entry) const { return m_entries[entry].type(); }
    [[nodiscard]] EntryFault fault(EntryIndex entry) const { return m_entries[entry].fault(); }
    [[nodiscard]] bool is_duplicate(EntryIndex entry) const { return m_entries[entry].duplicate(); }
    /// Stored as a delta of another entry.
    [[nodiscard]] bool is_delta(EntryIndex entry) const { return m_entries[entry].delta(); }
    /// Entries that are deltas of this one, in table order.
    [[nodiscard]] std::span<const EntryIndex> children(EntryIndex entry) const
    {
        return {m_children.data() + m_child_begin[entry], m_children.data() + m_child_begin[entry + 1]};
    }
    /// Logarithm of the inflated bytes of the entry and all below it, for scheduling: +1 is a factor of 2^(1/4).
    [[nodiscard]] unsigned weight(EntryIndex entry) const { return m_entries[entry].weight; }

    /// The primary entry with this id.
    [[nodiscard]] EntryIndex find(Bytes id) const;
    /// All entries with this id, the primary first.
    [[nodiscard]] std::span<const EntryIndex> find_all(Bytes id) const;
    /// The base of a delta entry; no_entry where it is missing.
    [[nodiscard]] EntryIndex base(EntryIndex entry) const;
    /// The entry of a pack that begins at offset; no_entry if none does.
    [[nodiscard]] EntryIndex at_offset(std::size_t pack, std::uint64_t offset) const;

    /// Distinct objects, readable or not.
    [[nodiscard]] std::uint64_t distinct() const { return m_distinct; }

private:
    static constexpr std::uint16_t loose_source = 0xffff;

    struct Entry {
        std::uint32_t offset_low = 0;
        std::uint16_t offset_high = 0;
        std::uint16_t source = 0;    // pack number, or loose_source
        std::uint32_t position = 0;  // in the pack's index, or in ObjectStores::loose
        std::uint8_t bits = 0;       // type (3), fault (3), delta, duplicate
        std::uint8_t weight = 0;

        [[nodiscard]] std::uint64_t offset() const { return std::uint64_t{offset_high} << 32U | offset_low; }
        [[nodiscard]] ObjectType type() const { return static_cast<ObjectType>(bits & 7U); }
        [[nodiscard]] EntryFault fault() const { return static_cast<EntryFault>((bits >> 3U) & 7U); }
        [[nodiscard]] bool delta() const { return (bits & 64U) != 0; }
        [[nodiscard]] bool duplicate() const { return (bits & 128U) != 0; }
        void set_type(ObjectType type) { bits = static_cast<std::uint8_t>((bits & ~7U) | static_cast<unsigned>(type)); }
        void set_fault(EntryFault fault)
        {
            bits = static_cast<std::uint8_t>((bits & ~56U) | static_cast<unsigned>(fault) << 3U);
        }
        void set_delta() { bits |= 64U; }
        void set_duplicate() { bits |= 128U; }
    };
    static_assert(sizeof(Entry) == 16);

    // What is known only while building.
    struct Draft {
        std::vector<EntryIndex> base;     // of deltas; no_entry otherwise
        std::vector<std::uint32_t> size;  // inflated size of the entry, capped at 2^32-1
    };

    void add_pack(const Pack& pack, std::uint16_t number);
    [[nodiscard]] std::uint64_t end_of_last(const Pack& pack) const;
    void read_headers(Draft& draft, unsigned threads);
    void read_header(EntryIndex entry, Draft& draft);
    void sort_ids();
    void mark_duplicates();
    [[nodiscard]] std::uint32_t key_of(std::uint64_t id_prefix) const
    {
        return static_cast<std::uint32_t>(id_prefix << m_fanout_bits >> 32U);
    }
    void find_reference_bases(Draft& draft);
    std::vector<EntryIndex> settle_types(const Draft& draft);
    void link_children(const Draft& draft);
    void weigh(const Draft& draft, const std::vector<EntryIndex>& bases_first);

    const ObjectStores* m_stores = nullptr;
    std::vector<Entry> m_entries;
    std::vector<EntryIndex> m_pack_begin;    // first entry of each pack; then of the loose ones; then the end
    std::vector<std::uint64_t> m_pack_end;   // where the last entry of each pack ends
    std::vector<EntryIndex> m_by_id;         // entries in id order, primaries before their duplicates
    std::vector<std::uint32_t> m_id_fanout;  // by the first bits of the id: where in m_by_id they begin
    std::vector<std::uint32_t> m_id_keys;    // beside m_by_id: the 32 bits of the id behind the fanout's
    unsigned m_fanout_bits = 8;
    std::vector<std::uint32_t> m_child_begin;
    std::vector<EntryIndex> m_children;
    std::uint64_t m_distinct = 0;
};

}  // namespace r8scan::git
