#include "git/object_table.h"

#include "util/radix_sort.h"
#include "util/threads.h"

#include <libdeflate.h>

#include <atomic>
#include <bit>
#include <cmath>
#include <stdexcept>

namespace r8scan::git {

ObjectTable ObjectTable::build(const ObjectStores& stores, unsigned threads)
{
    ObjectTable table;
    table.m_stores = &stores;
    std::uint64_t total = stores.loose.size();
    for (const auto& pack : stores.packs) {
        total += pack.index().count();
    }
    if (total >= no_entry) {
        throw std::length_error("repository holds more than 2^32-2 objects");
    }
    table.m_entries.reserve(total);
    for (std::size_t number = 0; number < stores.packs.size(); ++number) {
        table.add_pack(stores.packs[number], static_cast<std::uint16_t>(number));
    }
    table.m_pack_begin.push_back(table.size());
    for (std::size_t i = 0; i < stores.loose.size(); ++i) {
        Entry entry;
        entry.source = loose_source;
        entry.position = static_cast<std::uint32_t>(i);
        table.m_entries.push_back(entry);
    }
    table.m_pack_begin.push_back(table.size());

    Draft draft;
    draft.base.assign(total, no_entry);
    draft.size.assign(total, 0);
    // Ids and headers have nothing to do with each other; where there are two threads, each takes one.
    if (threads > 1 && total > 4096) {
        run_on_threads(2, [&](unsigned number) { number == 0 ? table.read_headers(draft, threads - 1) : table.sort_ids(); });
    } else {
        table.read_headers(draft, threads);
        table.sort_ids();
    }
    table.mark_duplicates();
    table.find_reference_bases(draft);
    const auto bases_first = table.settle_types(draft);
    table.link_children(draft);
    table.weigh(draft, bases_first);
    return table;
}

void ObjectTable::add_pack(const Pack& pack, std::uint16_t number)
{
    m_pack_begin.push_back(size());
    const auto& index = pack.index();
    std::vector<KeyValue> by_offset(index.count());
    for (std::uint32_t position = 0; position < index.count(); ++position) {
        by_offset[position] = {index.offset(position), position};
    }
    radix_sort(by_offset);
    for (const auto& [offset, position] : by_offset) {
        Entry entry;
        // An offset that does not fit 48 bits lies outside any file; the header reader will say so.
        const auto kept = std::min(offset, (std::uint64_t{1} << 48U) - 1);
        entry.offset_low = static_cast<std::uint32_t>(kept);
        entry.offset_high = static_cast<std::uint16_t>(kept >> 32U);
        entry.source = number;
        entry.position = position;
        m_entries.push_back(entry);
    }
    m_pack_end.push_back(end_of_last(pack));
}

// Where the trailer is damaged or gone, the last entry may end anywhere in the last bytes: its CRC32 tells.
std::uint64_t ObjectTable::end_of_last(const Pack& pack) const
{
    if (!pack.has_trailer() && pack.index().has_crc() && !m_entries.empty()) {
        const auto& last = m_entries.back();
        for (auto end = pack.entries_end(); end <= pack.bytes().size() && last.offset() < end; ++end) {
            const auto stored = pack.bytes().subspan(last.offset(), end - last.offset());
            if (libdeflate_crc32(0, stored.data(), stored.size()) == pack.index().crc(last.position)) {
                return end;
            }
        }
    }
    return pack.entries_end();
}

std::uint64_t ObjectTable::end(EntryIndex entry) const
{
    const auto source = m_entries[entry].source;
    const auto limit = m_stores->packs[source].readable_end();
    const bool is_last = entry + 1 == m_pack_begin[source + 1U];
    const auto end = is_last ? m_pack_end[source] : m_entries[entry + 1].offset();
    return std::clamp(end, std::min(offset(entry), limit), limit);
}

Bytes ObjectTable::id(EntryIndex entry) const
{
    const auto& e = m_entries[entry];
    if (e.source == loose_source) {
        return m_stores->loose[e.position].id.raw();
    }
    return m_stores->packs[e.source].index().id(e.position);
}

EntryIndex ObjectTable::at_offset(std::size_t pack, std::uint64_t offset) const
{
    const auto begin = m_entries.begin() + m_pack_begin[pack];
    const auto end = m_entries.begin() + m_pack_begin[pack + 1];
    const auto at = std::lower_bound(begin, end, offset, [](const Entry& e, std::uint64_t o) { return e.offset() < o; });
    return at != end && at->offset() == offset ? static_cast<EntryIndex>(at - m_entries.begin()) : no_entry;
}

void ObjectTable::read_headers(Draft& draft, unsigned threads)
{
    constexpr EntryIndex batch = 4096;
    const EntryIndex packed = m_pack_begin[m_pack_begin.size() - 2];
    std::atomic<std::uint64_t> next{0};
    run_on_threads(packed > batch ? threads : 1, [&](unsigned) {
        for (;;) {
            const auto begin = next.fetch_add(batch);
            if (begin >= packed) {
                return;
            }
            const auto end = std::min<std::uint64_t>(begin + batch, packed);
            for (auto entry = static_cast<EntryIndex>(begin); entry < end; ++entry) {
                read_header(entry, draft);
            }
        }
    });
}

void ObjectTable::read_header(EntryIndex index, Draft& draft)
{
    auto& entry = m_entries[index];
    const auto header = pack(index).header_at(entry.offset(), end(index));
    if (!header) {
        entry.set_fault(EntryFault::bad_header);
        return;
    }
    draft.size[index] = static_cast<std::uint32_t>(std::min<std::uint64_t>(header->size, 0xffffffffU));
    if (header->type == ObjectType::ofs_delta) {
        entry.set_delta();
        draft.base[index] = at_offset(entry.source, entry.offset() - header->base_distance);
        if (draft.base[index] == no_entry) {
            entry.set_fault(EntryFault::missing_base);
        }
    } else if (header->type == ObjectType::ref_delta) {
        entry.set_delta();
        entry.set_type(ObjectType::ref_delta);  // until find_reference_bases()
    } else {
        entry.set_type(header->type);
    }
}

void ObjectTable::sort_ids()
{
    std::vector<KeyValue> by_prefix(size());
    for (EntryIndex entry = 0; entry < size(); ++entry) {
        by_prefix[entry] = {read_be64(id(entry).data()), entry};
    }
    radix_sort(by_prefix);
    const auto less = [&](const KeyValue& a, const KeyValue& b) {
        const int order = std::memcmp(id(a.value).data(), id(b.value).data(), id(a.value).size());
        return order != 0 ? order < 0 : a.value < b.value;
    };
    m_by_id.reserve(size());
    m_id_keys.reserve(size());
    // About a cache line of keys in each bucket.
    m_fanout_bits = std::clamp(static_cast<unsigned>(std::bit_width(size() / 16U)), 8U, 24U);
    m_id_fanout.assign((std::size_t{1} << m_fanout_bits) + 1, 0);
    for (std::size_t begin = 0; begin < by_prefix.size();) {
        auto end = begin + 1;
        while (end < by_prefix.size() && by_prefix[end].key == by_prefix[begin].key) {
            ++end;
        }
        if (end - begin > 1) {
            // Ids are read from files that may change meanwhile, and an order that changes leads std::sort astray.
            const auto from = by_prefix.begin() + static_cast<std::ptrdiff_t>(begin);
            const auto to = by_prefix.begin() + static_cast<std::ptrdiff_t>(end);
            std::make_heap(from, to, less);
            std::sort_heap(from, to, less);
        }
        begin = end;
    }
    for (const auto& [prefix, entry] : by_prefix) {
        ++m_id_fanout[(prefix >> (64 - m_fanout_bits)) + 1];
        m_by_id.push_back(entry);
        m_id_keys.push_back(key_of(prefix));
    }
    for (std::size_t i = 1; i < m_id_fanout.size(); ++i) {
        m_id_fanout[i] += m_id_fanout[i - 1];
    }
}

void ObjectTable::mark_duplicates()
{
    m_distinct = size();
    for (std::size_t i = 1; i < m_by_id.size(); ++i) {
        if (m_id_keys[i] == m_id_keys[i - 1] && as_text(id(m_by_id[i])) == as_text(id(m_by_id[i - 1]))) {
            m_entries[m_by_id[i]].set_duplicate();
            --m_distinct;
        }
    }
}

std::span<const EntryIndex> ObjectTable::find_all(Bytes wanted) const
{
    if (wanted.size() != hash_size(m_stores->algorithm)) {
        return {};
    }
    const auto prefix = read_be64(wanted.data());
    const auto bucket = prefix >> (64 - m_fanout_bits);
    const auto key = key_of(prefix);
    const auto keys_end = m_id_keys.begin() + m_id_fanout[bucket + 1];
    auto at = std::lower_bound(m_id_keys.begin() + m_id_fanout[bucket], keys_end, key);
    const auto compare = [&] {
        const auto id = this->id(m_by_id[static_cast<std::size_t>(at - m_id_keys.begin())]);
        return std::memcmp(id.data(), wanted.data(), wanted.size());
    };
    while (at != keys_end && *at == key && compare() < 0) {
        ++at;
    }
    const auto begin = static_cast<std::size_t>(at - m_id_keys.begin());
    while (at != keys_end && *at == key && compare() == 0) {
        ++at;
    }
    return std::span(m_by_id).subspan(begin, static_cast<std::size_t>(at - m_id_keys.begin()) - begin);
}

EntryIndex ObjectTable::find(Bytes id) const
{
    const auto all = find_all(id);
    return all.empty() ? no_entry : all.front();
}

EntryIndex ObjectTable::base(EntryIndex index) const
{
    const auto& entry = m_entries[index];
    const auto header = pack(index).header_at(entry.offset(), end(index));
    if (!header) {
        return no_entry;
    }
    if (header->type == ObjectType::ofs_delta) {
        return at_offset(entry.source, entry.offset() - header->base_distance);
    }
    if (header->type != ObjectType::ref_delta) {
        return no_entry;
    }
    // As git does: a base in the same pack comes first.
    const auto candidates = find_all(header->base_id);
    for (const auto candidate : candidates) {
        if (same_source(candidate, index)) {
            return candidate;
        }
    }
    return candidates.empty() ? no_entry : candidates.front();
}

void ObjectTable::find_reference_bases(Draft& draft)
{
    for (EntryIndex index = 0; index < size(); ++index) {
        auto& entry = m_entries[index];
        if (entry.type() != ObjectType::ref_delta) {
            continue;
        }
        entry.set_type(ObjectType::unknown);
        draft.base[index] = base(index);
        if (draft.base[index] == no_entry) {
            entry.set_fault(EntryFault::missing_base);
        }
    }
}

std::vector<EntryIndex> ObjectTable::settle_types(const Draft& draft)
{
    // Follows each chain down to what is settled and comes back up: every entry is settled once, bases first.
    std::vector<EntryIndex> order;
    order.reserve(size());
    enum class Mark : std::uint8_t { fresh, on_path, settled };
    std::vector<Mark> marks(size(), Mark::fresh);
    std::vector<EntryIndex> path;
    for (EntryIndex start = 0; start < size(); ++start) {
        auto at = start;
        while (at != no_entry && marks[at] == Mark::fresh) {
            marks[at] = Mark::on_path;
            path.push_back(at);
            at = draft.base[at];
        }
        const bool cycle = at != no_entry && marks[at] == Mark::on_path;
        bool in_cycle = cycle;
        for (; !path.empty(); path.pop_back()) {
            const auto index = path.back();
            auto& entry = m_entries[index];
            const auto base = draft.base[index];
            if (in_cycle) {
                entry.set_fault(EntryFault::cycle);
                in_cycle = index != at;
            } else if (base != no_entry) {
                if (m_entries[base].fault() != EntryFault::none) {
                    entry.set_fault(EntryFault::broken_base);
                } else {
                    entry.set_type(m_entries[base].type());
                }
            }
            marks[index] = Mark::settled;
            order.push_back(index);
        }
    }
    return order;
}

void ObjectTable::link_children(const Draft& draft)
{
    m_child_begin.assign(size() + std::size_t{1}, 0);
    const auto has_parent = [&](EntryIndex entry) {
        return draft.base[entry] != no_entry && m_entries[entry].fault() == EntryFault::none;
    };
    for (EntryIndex entry = 0; entry < size(); ++entry) {
        if (has_parent(entry)) {
            ++m_child_begin[draft.base[entry] + 1];
        }
    }
    for (std::size_t i = 1; i < m_child_begin.size(); ++i) {
        m_child_begin[i] += m_child_begin[i - 1];
    }
    m_children.resize(m_child_begin.back());
    auto next = m_child_begin;
    for (EntryIndex entry = 0; entry < size(); ++entry) {
        if (has_parent(entry)) {
            m_children[next[draft.base[entry]]++] = entry;
        }
    }
}

void ObjectTable::weigh(const Draft& draft, const std::vector<EntryIndex>& bases_first)
{
    std::vector<std::uint64_t> sums(draft.size.begin(), draft.size.end());
    for (auto at = bases_first.rbegin(); at != bases_first.rend(); ++at) {
        const auto entry = *at;
        m_entries[entry].weight = static_cast<std::uint8_t>(4 * std::log2(static_cast<double>(sums[entry]) + 1));
        if (draft.base[entry] != no_entry && m_entries[entry].fault() == EntryFault::none) {
            sums[draft.base[entry]] += sums[entry];
        }
    }
}

}  // namespace r8scan::git
