#include "engine/scan_visitor.h"

#include "git/tree_entries.h"
#include "util/radix_sort.h"

namespace r8scan {

using git::EntryIndex;
using git::no_entry;
using git::ObjectType;

ScanVisitor::ScanVisitor(const ScanContext& context)
    : m_context(context), m_scanner(context.matcher, context.options.layers), m_hasher(context.table.stores().algorithm)
{
    if (context.options.delta_rule && context.matcher.anchor_width()) {
        m_delta_rule.emplace(*context.matcher.anchor_width());
    }
}

EntryIndex ScanVisitor::primary(EntryIndex entry) const
{
    return m_context.table.is_duplicate(entry) ? m_context.table.find(m_context.table.id(entry)) : entry;
}

void ScanVisitor::count(EntryIndex entry, ObjectType type, std::uint64_t size)
{
    if (m_context.table.is_loose(entry)) {
        loose_types.emplace_back(entry, type);
    }
    if (!m_context.table.is_duplicate(entry)) {
        ++results.counts.scanned;
        results.bytes += size;
    }
}

ScanVisitor::State ScanVisitor::whole(EntryIndex entry, ObjectType type, Bytes content)
{
    count(entry, type, content.size());
    return inspect(entry, type, content, true);
}

Result<bool> ScanVisitor::wants_built(EntryIndex, ObjectType type, Bytes base, const State& base_state,
                                      const git::Delta& delta)
{
    m_fires = !m_delta_rule || base_state.has_anchor;
    if (!m_fires) {
        const auto fires = m_delta_rule->may_bring_anchor(delta, base, m_scanner);
        if (!fires) {
            return fires.error();
        }
        m_fires = *fires;
    }
    // The headers of commits and tags are the history itself.
    const bool is_history = type == ObjectType::commit || type == ObjectType::tag;
    return m_fires || is_history || m_context.options.verify_objects;
}

void ScanVisitor::passed_over(EntryIndex entry, ObjectType type, const git::Delta& delta)
{
    count(entry, type, delta.result_size());
}

ScanVisitor::State ScanVisitor::built(EntryIndex entry, ObjectType type, Bytes content, Bytes, const State&,
                                      const git::Delta&)
{
    count(entry, type, content.size());
    results.built_bytes += content.size();
    return inspect(entry, type, content, m_fires);
}

ScanVisitor::State ScanVisitor::again(EntryIndex, ObjectType, Bytes content)
{
    return {m_scanner.has_anchor(content)};
}

ScanVisitor::State ScanVisitor::inspect(EntryIndex entry, ObjectType type, Bytes content, bool may_hold_anchor)
{
    if (m_context.options.verify_objects) {
        verify(entry, type, content);
    }
    if (type == ObjectType::commit) {
        record_commit(entry, content);
    } else if (type == ObjectType::tag) {
        record_tag(entry, content);
    }
    if (!may_hold_anchor) {
        return {};
    }
    results.scanned_bytes += content.size();
    // Without the delta rule nothing rests on anchors, not even the choice of what to scan for candidates.
    if (m_delta_rule && !m_scanner.has_anchor(content)) {
        return {};
    }
    keep(entry, type, type == ObjectType::tree ? scan_names(entry, content) : m_scanner.scan(content));
    return {true};
}

std::vector<Hit> ScanVisitor::scan_names(EntryIndex entry, Bytes content)
{
    std::vector<Hit> hits;
    const auto id_size = m_context.table.id(entry).size();
    git::TreeEntry item;
    for (std::size_t at = 0; at < content.size(); at = item.end) {
        if (!git::parse_tree_entry(content, at, id_size, item)) {
            m_context.problems.add("malformed tree", describe(m_context.table, entry) + ": at byte " + std::to_string(at));
            break;
        }
        const auto name = as_bytes(item.name);
        if (!m_scanner.has_anchor(name)) {
            continue;
        }
        const auto begin = static_cast<std::size_t>(item.name.data() - reinterpret_cast<const char*>(content.data()));
        for (auto& hit : m_scanner.scan(name)) {
            hit.position.offset += begin;
            hit.end_offset += begin;
            hit.mark.reset();            // a name has no lines
            hit.inner_path = item.name;  // the same token in two names of a folder stands at two places
            hits.push_back(std::move(hit));
        }
        // What looks like the beginning of a container in a name is none.
        (void)m_scanner.take_unread();
    }
    return hits;
}

void ScanVisitor::streamed(EntryIndex entry, ObjectType type, const git::StoredObject& object)
{
    constexpr std::size_t window_size = 8U << 20U;
    const auto total = object.header_length + object.size;
    const bool is_scanned = type != ObjectType::tree;
    std::vector<Hit> hits;
    std::uint64_t seen = 0;
    m_scanner.start();
    m_hasher.update(as_bytes(std::string(to_string(type)) + ' ' + std::to_string(object.size) + '\0'));
    const auto done = git::inflate_in_windows(object.stream, total, window_size, [&](Bytes window) {
        seen += window.size();
        // A loose object's header stands before its content; it is shorter than the first window.
        const auto content = window.subspan(seen == window.size() ? object.header_length : 0);
        if (m_context.options.verify_objects) {
            m_hasher.update(content);
        }
        if (is_scanned) {
            m_scanner.window(content, seen == total, hits);
        }
        return true;
    });
    const auto digest = m_hasher.finish();
    if (!done) {
        m_scanner.start();
        (void)m_scanner.take_unread();
        const auto same = object.file.unchanged();
        return failed(entry, same ? done.error() : same.error());
    }
    if (m_context.options.verify_objects &&
        std::memcmp(digest.data(), m_context.table.id(entry).data(), m_context.table.id(entry).size()) != 0) {
        m_context.problems.add("object with a wrong hash", describe(m_context.table, entry));
    }
    count(entry, type, object.size);
    if (type == ObjectType::commit || type == ObjectType::tag) {
        m_context.problems.add("object over a limit", describe(m_context.table, entry) + ": its headers were not read");
    } else if (type == ObjectType::tree) {
        m_context.problems.add("object over a limit", describe(m_context.table, entry) + ": its names were not read");
    }
    keep(entry, type, std::move(hits));
}

void ScanVisitor::failed(EntryIndex entry, const Error& error)
{
    failures.push_back({entry, error});
}

void ScanVisitor::left_bytes(EntryIndex entry)
{
    m_context.problems.add("damaged object", describe(m_context.table, entry) + ": the file goes on behind its end",
                           "git refuses it: fetch the repository anew");
}

void ScanVisitor::verify(EntryIndex entry, ObjectType type, Bytes content)
{
    const auto id = m_context.table.id(entry);
    const auto actual = git::hash_object(m_hasher, m_context.table.stores().algorithm, type, content);
    if (as_text(actual.raw()) != as_text(id)) {
        m_context.problems.add("object with a wrong hash", describe(m_context.table, entry) + ": content is " + actual.hex(),
                               "fetch the repository anew");
    }
}

void ScanVisitor::keep(EntryIndex entry, ObjectType type, std::vector<Hit> hits)
{
    for (auto& part : m_scanner.take_unread()) {
        results.unread.push_back({primary(entry), std::move(part)});
    }
    if (!hits.empty()) {
        results.hits.push_back({primary(entry), type, std::move(hits)});
    }
}

void ScanVisitor::record_commit(EntryIndex entry, Bytes content)
{
    const auto commit = git::Commit::parse(content);
    if (!commit) {
        m_context.problems.add("malformed commit", describe(m_context.table, entry) + ": " + commit.error().message());
        return;
    }
    const auto number = static_cast<std::uint32_t>(results.commits.size());
    m_links.push_back({commit->tree, Link::Role::tree, number});
    for (const auto& parent : commit->parents) {
        m_links.push_back({parent, Link::Role::parent, number});
    }
    CommitRecord record;
    record.entry = primary(entry);
    record.time = commit->committer.time;
    results.commits.push_back(std::move(record));
}

void ScanVisitor::record_tag(EntryIndex entry, Bytes content)
{
    const auto tag = git::Tag::parse(content);
    if (!tag) {
        m_context.problems.add("malformed tag", describe(m_context.table, entry) + ": " + tag.error().message());
        return;
    }
    m_links.push_back({tag->target, Link::Role::target, static_cast<std::uint32_t>(results.tags.size())});
    results.tags.push_back({primary(entry), no_entry});
}

void ScanVisitor::resolve_links()
{
    std::vector<KeyValue> by_id(m_links.size());
    for (std::size_t i = 0; i < m_links.size(); ++i) {
        by_id[i] = {read_be64(m_links[i].id.bytes.data()), static_cast<std::uint32_t>(i)};
    }
    radix_sort(by_id);
    std::vector<EntryIndex> found(m_links.size());
    for (const auto& [key, link] : by_id) {
        found[link] = m_context.table.find(m_links[link].id.raw());
    }
    // In the order of the commits again: the parents of a merge have one.
    for (std::size_t i = 0; i < m_links.size(); ++i) {
        resolve(m_links[i], found[i]);
    }
    m_links.clear();
}

void ScanVisitor::resolve(const Link& link, EntryIndex found)
{
    const auto& table = m_context.table;
    if (link.role == Link::Role::target) {
        auto& tag = results.tags[link.record];
        tag.target = found;
        if (found == no_entry) {
            m_context.problems.add("missing object", "target " + link.id.hex() + " of tag " + to_hex(table.id(tag.entry)));
        }
        return;
    }
    auto& commit = results.commits[link.record];
    if (link.role == Link::Role::tree) {
        commit.tree = found;
        if (found == no_entry) {
            m_context.problems.add("missing object", "tree " + link.id.hex() + " of commit " + to_hex(table.id(commit.entry)));
        }
    } else if (found == no_entry) {
        commit.missing_parents.push_back(link.id);
    } else {
        commit.parents.push_back(found);
    }
}

}  // namespace r8scan
