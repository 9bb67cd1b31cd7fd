#include "engine/git_pack_container.h"

#include "git/delta_walk.h"
#include "git/object_stores.h"

#include <algorithm>
#include <optional>

namespace r8scan {

using decode::Unread;
using git::EntryIndex;
using git::ObjectType;

namespace {

// Hands every object of the pack on.
class MemberVisitor {
public:
    struct State {};

    MemberVisitor(const git::ObjectTable& table, std::uint64_t begin, decode::Budget& budget,
                  const decode::ContainerCallbacks& callbacks, std::atomic<bool>& stop)
        : m_table(table), m_begin(begin), m_budget(budget), m_callbacks(callbacks), m_stop(stop)
    {
    }

    State whole(EntryIndex entry, ObjectType type, Bytes content)
    {
        hand_on(entry, type, content);
        return {};
    }
    Result<bool> wants_built(EntryIndex, ObjectType, Bytes, const State&, const git::Delta&) { return true; }
    void passed_over(EntryIndex, ObjectType, const git::Delta&) {}
    State built(EntryIndex entry, ObjectType type, Bytes content, Bytes, const State&, const git::Delta&)
    {
        hand_on(entry, type, content);
        return {};
    }
    State again(EntryIndex, ObjectType, Bytes) { return {}; }
    void streamed(EntryIndex entry, ObjectType, const git::StoredObject& object)
    {
        m_callbacks.unread(Unread::limit, name(entry), "object of " + std::to_string(object.size) + " bytes");
    }
    void failed(EntryIndex entry, const Error& error)
    {
        m_callbacks.unread(error.code() == ErrorCode::limit ? Unread::limit : Unread::corrupt, name(entry), error.message());
    }

private:
    [[nodiscard]] std::string name(EntryIndex entry) const { return to_hex(m_table.id(entry)); }

    void hand_on(EntryIndex entry, ObjectType type, Bytes content)
    {
        if (m_stop) {
            return;
        }
        if (m_budget.members == 0 || m_budget.bytes < content.size()) {
            m_callbacks.unread(Unread::limit, name(entry), "the pack holds more than may be expanded");
            m_stop = true;
            return;
        }
        --m_budget.members;
        m_budget.bytes -= content.size();
        if (type != ObjectType::tree && !m_callbacks.member({name(entry), m_begin + m_table.offset(entry), content})) {
            m_stop = true;
        }
    }

    const git::ObjectTable& m_table;
    std::uint64_t m_begin;
    decode::Budget& m_budget;
    const decode::ContainerCallbacks& m_callbacks;
    std::atomic<bool>& m_stop;
};

}  // namespace

decode::ContainerEnd open_git_pack(Bytes content, std::uint64_t begin, decode::Budget& budget,
                                   const decode::ContainerCallbacks& callbacks)
{
    auto pack = git::Pack::from_memory(content.subspan(static_cast<std::size_t>(begin)), HashAlgorithm::sha1);
    if (!pack) {
        return {begin, false};
    }
    const auto listed = pack->index().count();
    if (listed == 0) {
        return {begin, false};
    }
    const auto stated = read_be32(pack->bytes().data() + 8);
    git::ObjectStores stores;
    stores.packs.push_back(std::move(*pack));
    const auto table = git::ObjectTable::build(stores, 1);
    std::atomic<bool> stop{false};
    std::vector<std::unique_ptr<MemberVisitor>> visitors;
    visitors.push_back(std::make_unique<MemberVisitor>(table, 0, budget, callbacks, stop));
    git::WalkPlan plan;
    plan.visits = [](ObjectType) { return true; };
    plan.visits_loose = [](ObjectType) { return false; };
    plan.limits.in_memory = budget.member_in_memory;
    plan.limits.delta_result = budget.member_in_memory;
    plan.limits.rebuilt = budget.bytes;
    plan.stop = &stop;
    git::DeltaWalk<MemberVisitor> walk(table, plan);
    walk.run(visitors);
    if (listed != stated) {
        callbacks.unread(Unread::corrupt, "",
                         "it states " + std::to_string(stated) + " objects, and " + std::to_string(listed) +
                             " can be listed without what lies outside of it");
    }
    return {begin + git::Pack::first_entry, true};
}

}  // namespace r8scan
