#include "attribution/tree_pass.h"

#include "attribution/name_table.h"
#include "git/delta_walk.h"
#include "git/object_reader.h"
#include "git/tree_entries.h"

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <limits>

namespace r8scan::attribution {

using git::EntryIndex;
using git::no_entry;
using git::ObjectType;

namespace {

// Read by all visitors. The hit blobs are asked for once for each parsed entry, nearly always in vain: two bytes of
// the id decide that from a table that stays in the cache.
struct PassContext {
    const git::ObjectTable& table;
    const std::vector<EntryIndex>& hit_blobs;
    const TreePassOptions& options;
    Problems& problems;
    NameTable names;
    std::bitset<65536> hit_filter;
    std::size_t id_size = 0;

    [[nodiscard]] static std::size_t filter_key(Bytes id)
    {
        return std::to_integer<std::size_t>(id[0]) << 8U | std::to_integer<std::size_t>(id[1]);
    }
};

// The entries that were looked up last, by id. Most entries of a tree stand in its neighbours too, and a look-up in a
// table of a million objects waits for memory several times.
class RecentEntries {
public:
    explicit RecentEntries(const git::ObjectTable& table)
        : m_table(table), m_slots(std::bit_ceil(std::clamp<std::size_t>(table.size(), 1, most_slots)))
    {
    }

    EntryIndex find(Bytes id)
    {
        auto& slot = m_slots[read_be32(id.data()) & (m_slots.size() - 1)];
        if (!slot.used || std::memcmp(slot.id.data(), id.data(), id.size()) != 0) {
            std::memcpy(slot.id.data(), id.data(), id.size());
            slot.entry = m_table.find(id);
            slot.used = true;
        }
        return slot.entry;
    }

private:
    static constexpr std::size_t most_slots = 1U << 16U;
    struct Slot {
        std::array<std::byte, 32> id{};
        EntryIndex entry = no_entry;
        bool used = false;
    };
    const git::ObjectTable& m_table;
    std::vector<Slot> m_slots;
};

class TreeVisitor {
public:
    // What is known of a base, for its deltas.
    struct State {
        struct Link {
            std::uint32_t begin = 0;  // offset of the entry in the tree
            TreeLink link;
        };
        std::vector<std::uint32_t> begins;  // of all entries; then the size of the tree
        std::vector<Link> links;            // sorted by begin
    };

    explicit TreeVisitor(PassContext& context) : m_context(context), m_recent(context.table) {}

    State whole(EntryIndex entry, ObjectType, Bytes content)
    {
        m_state = {};
        parse_to(content, 0, content.size());
        return finish(entry, content);
    }

    Result<bool> wants_built(EntryIndex, ObjectType, Bytes, const State&, const git::Delta&) { return true; }
    void passed_over(EntryIndex, ObjectType, const git::Delta&) {}

    State built(EntryIndex entry, ObjectType, Bytes content, Bytes base, const State& base_state, const git::Delta& delta)
    {
        m_state = {};
        m_state.begins.reserve(base_state.begins.size() + 8);
        m_state.links.reserve(base_state.links.size() + 2);
        std::size_t at = 0;     // begin of the next entry to be learnt
        std::size_t begin = 0;  // of the instruction's piece of the result
        auto cursor = delta.instructions();
        for (git::DeltaInstruction piece; cursor.next(piece) && at != broken; begin += piece.size) {
            const auto end = begin + piece.size;
            while (at < end && at != broken) {
                const auto copied = piece.data == nullptr && at >= begin
                                        ? copy_entries(base_state, base.size(), piece.offset + (at - begin),
                                                       piece.offset + piece.size, at)
                                        : 0;
                at = copied != 0 ? at + copied : parse_entry(content, at);
            }
        }
        return finish(entry, content);
    }

    State again(EntryIndex, ObjectType, Bytes content)
    {
        m_quiet = true;
        m_state = {};
        parse_to(content, 0, content.size());
        m_state.begins.push_back(static_cast<std::uint32_t>(content.size()));
        m_quiet = false;
        return std::move(m_state);
    }

    void streamed(EntryIndex entry, ObjectType, const git::StoredObject&)
    {
        failed(entry, Error(ErrorCode::limit, "tree is over the size limit"));
    }

    void failed(EntryIndex entry, const Error& error) { failures.emplace_back(entry, error); }

    std::vector<std::pair<EntryIndex, Error>> failures;
    std::vector<TreeLink> links;
    struct Row {
        EntryIndex tree = no_entry;
        std::uint64_t begin = 0;
        std::uint32_t count = 0;
    };
    std::vector<Row> rows;
    std::vector<std::pair<git::ObjectId, std::string>> missing;

private:
    static constexpr std::size_t broken = std::numeric_limits<std::size_t>::max();

    // Takes over what is known of the base's entries from base offset `from` on, as far as whole entries end at or
    // before `to`. Returns the bytes they cover; 0 where `from` is no beginning of an entry.
    std::size_t copy_entries(const State& base, std::size_t base_size, std::size_t from, std::size_t to, std::size_t at)
    {
        const auto& begins = base.begins;
        if (from >= base_size) {
            return 0;
        }
        const auto first = std::lower_bound(begins.begin(), begins.end(), from);
        if (first == begins.end() || *first != from) {
            return 0;
        }
        const auto last = std::prev(std::upper_bound(first, begins.end(), to));  // entries end where `last` begins
        const auto shift = static_cast<std::uint32_t>(at - from);                // wraps, and unwraps when added
        const auto old_size = m_state.begins.size();
        m_state.begins.resize(old_size + static_cast<std::size_t>(last - first));
        std::transform(first, last, m_state.begins.begin() + static_cast<std::ptrdiff_t>(old_size),
                       [&](std::uint32_t begin) { return begin + shift; });
        auto link = std::lower_bound(base.links.begin(), base.links.end(), from,
                                     [](const State::Link& l, std::size_t offset) { return l.begin < offset; });
        for (; link != base.links.end() && link->begin < *last; ++link) {
            m_state.links.push_back({link->begin + shift, link->link});
        }
        return *last - from;
    }

    void parse_to(Bytes content, std::size_t at, std::size_t end)
    {
        while (at < end && at != broken) {
            at = parse_entry(content, at);
        }
    }

    // Learns one entry and returns where the next begins.
    std::size_t parse_entry(Bytes content, std::size_t at)
    {
        git::TreeEntry entry;
        if (!git::parse_tree_entry(content, at, m_context.id_size, entry)) {
            m_malformed = true;
            return broken;
        }
        const auto begin = static_cast<std::uint32_t>(at);
        m_state.begins.push_back(begin);
        if (entry.is_gitlink()) {
            return entry.end;
        }
        const auto target = m_recent.find(entry.id);
        if (target == no_entry) {
            if (!m_quiet) {
                missing.emplace_back(git::ObjectId::from_raw(entry.id), entry.is_tree() ? "tree" : "blob");
            }
            return entry.end;
        }
        if (entry.is_tree() ||
            (m_context.hit_filter[PassContext::filter_key(entry.id)] &&
             std::binary_search(m_context.hit_blobs.begin(), m_context.hit_blobs.end(), target))) {
            m_state.links.push_back({begin, {target, m_context.names.number_of(entry.name)}});
        }
        return entry.end;
    }

    State finish(EntryIndex entry, Bytes content)
    {
        const auto& table = m_context.table;
        const bool malformed = std::exchange(m_malformed, false);
        if (malformed) {
            m_context.problems.add("malformed tree", "tree " + to_hex(table.id(entry)));
        }
        const auto primary = table.is_duplicate(entry) ? table.find(table.id(entry)) : entry;
        rows.push_back({primary, links.size(), static_cast<std::uint32_t>(m_state.links.size())});
        for (const auto& link : m_state.links) {
            links.push_back(link.link);
        }
        if (malformed) {
            m_state = {};  // its deltas are parsed from the start
        } else {
            m_state.begins.push_back(static_cast<std::uint32_t>(content.size()));
        }
        return std::move(m_state);
    }

    PassContext& m_context;
    RecentEntries m_recent;
    State m_state;
    bool m_malformed = false;
    bool m_quiet = false;
};

// Trees that the walk could not read may have another copy.
void recover(const git::ObjectTable& table, const TreePassOptions& options,
             std::vector<std::unique_ptr<TreeVisitor>>& visitors, Problems& problems)
{
    std::vector<std::pair<EntryIndex, Error>> failures;
    for (auto& visitor : visitors) {
        failures.insert(failures.end(), visitor->failures.begin(), visitor->failures.end());
    }
    git::ObjectReader reader(table, options.limits);
    for (const auto& [entry, error] : failures) {
        auto object = table.distinct() < table.size() ? reader.read(entry) : Result<git::ReadObject>(error);
        if (!object && error.code() == ErrorCode::not_found && options.find_again) {
            object = options.find_again(git::ObjectId::from_raw(table.id(entry)));
        }
        if (object && object->type == ObjectType::tree) {
            visitors.front()->whole(entry, object->type, object->content);
        } else {
            problems.add("unreadable tree", "tree " + to_hex(table.id(entry)) + ": " + error.message());
        }
    }
}

}  // namespace

TreePass read_trees(const git::ObjectTable& table, const std::vector<EntryIndex>& hit_blobs,
                    const TreePassOptions& options, Problems& problems)
{
    PassContext context{table, hit_blobs, options, problems, {}, {}, hash_size(table.stores().algorithm)};
    for (const auto blob : hit_blobs) {
        context.hit_filter.set(PassContext::filter_key(table.id(blob)));
    }
    std::vector<std::unique_ptr<TreeVisitor>> visitors;
    for (unsigned i = 0; i < options.threads; ++i) {
        visitors.push_back(std::make_unique<TreeVisitor>(context));
    }
    git::WalkPlan plan;
    plan.visits = plan.visits_loose = [](ObjectType type) { return type == ObjectType::tree; };
    plan.limits = options.limits;
    plan.limits.delta_result = std::min<std::uint64_t>(plan.limits.delta_result, std::numeric_limits<std::int32_t>::max());
    plan.stop = options.stop;
    git::DeltaWalk<TreeVisitor>(table, plan).run(visitors);
    recover(table, options, visitors, problems);

    TreePass pass;
    std::vector<std::pair<TreeVisitor::Row, std::uint16_t>> rows;
    std::vector<std::pair<git::ObjectId, std::string>> missing;
    for (std::size_t i = 0; i < visitors.size(); ++i) {
        for (const auto& row : visitors[i]->rows) {
            rows.emplace_back(row, static_cast<std::uint16_t>(i));
        }
        missing.insert(missing.end(), visitors[i]->missing.begin(), visitors[i]->missing.end());
        pass.links.push_back(std::move(visitors[i]->links));
        visitors[i].reset();
    }
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first.tree < b.first.tree; });
    rows.erase(std::unique(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first.tree == b.first.tree; }),
               rows.end());
    for (const auto& [row, list] : rows) {
        pass.trees.push_back(row.tree);
        pass.link_begin.push_back(row.begin);
        pass.link_count.push_back(row.count);
        pass.link_list.push_back(list);
    }
    std::sort(missing.begin(), missing.end());
    missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
    for (const auto& [id, what] : missing) {
        problems.add("missing object", what + " " + id.hex() + ", named by a tree", options.missing_advice);
    }
    pass.names = context.names.names();
    return pass;
}

}  // namespace r8scan::attribution
