#include "engine/scanned_objects.h"

#include "engine/unread.h"

#include <algorithm>
#include <new>

namespace r8scan {

using git::EntryIndex;

ScannedObjects::ScannedObjects(git::ObjectDatabase& objects, const Matcher& matcher, const LayerLimits& limits,
                               Problems& problems, Problems& unopened)
    : m_objects(objects), m_scanner(matcher, limits), m_problems(problems), m_unopened(unopened)
{
}

EntryIndex ScannedObjects::number_of(const git::ObjectId& id)
{
    const auto [at, is_new] = m_numbers.try_emplace(id, static_cast<EntryIndex>(m_ids.size()));
    if (is_new) {
        m_ids.push_back(id);
        m_states.push_back(State::unread);
    }
    return at->second;
}

EntryIndex ScannedObjects::number_for_name(const git::ObjectId& tree)
{
    m_ids.push_back(tree);
    m_states.push_back(State::unread);
    return static_cast<EntryIndex>(m_ids.size() - 1);
}

bool ScannedObjects::scan(EntryIndex entry, const std::string& place)
{
    if (m_states[entry] != State::unread) {
        return m_states[entry] == State::hit;
    }
    m_states[entry] = State::clean;
    const auto& id = m_ids[entry];
    ++m_scan.counts.listed;
    try {
        const auto object = m_objects.read(id);
        if (!object) {
            const auto code = object.error().code();
            const auto* const reason = code == ErrorCode::not_found ? "missing object"
                                       : code == ErrorCode::limit   ? "object over a limit"
                                                                    : "damaged object";
            m_problems.add(reason, (place.empty() ? "" : place + ": ") + object.error().message());
            ++m_scan.counts.unknown;
            return false;
        }
        ++m_scan.counts.scanned;
        m_scan.counts.blobs += object->type == git::ObjectType::blob ? 1U : 0U;
        m_scan.counts.commits += object->type == git::ObjectType::commit ? 1U : 0U;
        m_scan.counts.tags += object->type == git::ObjectType::tag ? 1U : 0U;
        m_scan.bytes += object->content.size();
        auto hits = m_scanner.scan(object->content);
        for (const auto& part : m_scanner.take_unread()) {
            account_for_unread(std::string(to_string(object->type)) + ' ' + id.hex() +
                                   (place.empty() ? "" : " (" + place + ')'),
                               part, m_problems, m_unopened);
        }
        return keep(entry, object->type, std::move(hits));
    } catch (const std::bad_alloc&) {
        m_problems.add("object over a limit", "object " + id.hex() + ": not enough memory");
        return false;
    }
}

bool ScannedObjects::scan_name(EntryIndex entry, std::string_view name)
{
    auto hits = m_scanner.has_anchor(as_bytes(name)) ? m_scanner.scan(as_bytes(name)) : std::vector<Hit>();
    (void)m_scanner.take_unread();  // a name holds no containers, only what looks like their beginning
    return keep(entry, git::ObjectType::tree, std::move(hits));
}

bool ScannedObjects::keep(EntryIndex entry, git::ObjectType type, std::vector<Hit> hits)
{
    if (hits.empty()) {
        return false;
    }
    m_states[entry] = State::hit;
    m_scan.hits.push_back({entry, type, std::move(hits)});
    return true;
}

ObjectScan ScannedObjects::take()
{
    std::sort(m_scan.hits.begin(), m_scan.hits.end(),
              [](const ObjectHits& a, const ObjectHits& b) { return a.entry < b.entry; });
    return std::move(m_scan);
}

}  // namespace r8scan
