#include "engine/lfs_pointers.h"

#include "git/delta_walk.h"
#include "source/lfs.h"

#include <algorithm>
#include <set>

namespace r8scan {

using git::EntryIndex;
using git::ObjectType;

namespace {

class PointerVisitor {
public:
    struct State {};

    PointerVisitor(const git::ObjectTable& table, const std::set<std::string>& oids) : m_table(table), m_oids(oids) {}

    State whole(EntryIndex entry, ObjectType, Bytes content)
    {
        look(entry, content);
        return {};
    }
    Result<bool> wants_built(EntryIndex, ObjectType, Bytes, const State&, const git::Delta& delta)
    {
        return delta.result_size() < source::longest_lfs_pointer;
    }
    void passed_over(EntryIndex, ObjectType, const git::Delta&) {}
    State built(EntryIndex entry, ObjectType, Bytes content, Bytes, const State&, const git::Delta&)
    {
        look(entry, content);
        return {};
    }
    State again(EntryIndex, ObjectType, Bytes) { return {}; }
    void streamed(EntryIndex, ObjectType, const git::StoredObject&) {}
    void failed(EntryIndex, const Error&) {}  // was named when everything was read

    LfsPointers pointers;

private:
    void look(EntryIndex entry, Bytes content)
    {
        const auto oid = source::lfs_oid(content);
        if (oid && m_oids.contains(*oid)) {
            pointers[*oid].push_back(m_table.is_duplicate(entry) ? m_table.find(m_table.id(entry)) : entry);
        }
    }

    const git::ObjectTable& m_table;
    const std::set<std::string>& m_oids;
};

std::string oid_of(const LfsHits& object)
{
    return object.file->path.filename().native();
}

}  // namespace

LfsPointers find_lfs_pointers(const git::ObjectTable& table, const std::vector<LfsHits>& objects, unsigned threads,
                              const git::ReadLimits& limits, const std::atomic<bool>* stop)
{
    std::set<std::string> oids;
    for (const auto& object : objects) {
        oids.insert(oid_of(object));
    }
    std::vector<std::unique_ptr<PointerVisitor>> visitors;
    for (unsigned i = 0; i < threads; ++i) {
        visitors.push_back(std::make_unique<PointerVisitor>(table, oids));
    }
    git::WalkPlan plan;
    plan.visits = plan.visits_loose = [](ObjectType type) { return type == ObjectType::blob; };
    plan.limits = limits;
    plan.stop = stop;
    git::DeltaWalk<PointerVisitor>(table, plan).run(visitors);
    LfsPointers all;
    for (const auto& visitor : visitors) {
        for (const auto& [oid, entries] : visitor->pointers) {
            all[oid].insert(all[oid].end(), entries.begin(), entries.end());
        }
    }
    for (auto& [oid, entries] : all) {
        std::sort(entries.begin(), entries.end());
        entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
    }
    return all;
}

void give_hits_to_pointers(std::vector<LfsHits>& objects, const LfsPointers& pointers, ObjectScan& scan)
{
    std::erase_if(objects, [&](const LfsHits& object) {
        const auto of_object = pointers.find(oid_of(object));
        if (of_object == pointers.end()) {
            return false;
        }
        for (const auto pointer : of_object->second) {
            const auto at = std::lower_bound(scan.hits.begin(), scan.hits.end(), pointer,
                                             [](const ObjectHits& hits, git::EntryIndex e) { return hits.entry < e; });
            if (at == scan.hits.end() || at->entry != pointer) {
                scan.hits.insert(at, {pointer, git::ObjectType::blob, object.hits});
            }
        }
        return true;
    });
}

}  // namespace r8scan
