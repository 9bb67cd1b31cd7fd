#include "tests/support/object_walk.h"

#include "git/repository.h"

#include <stdexcept>

namespace r8scan::test {

namespace {

struct Shared {
    const git::ObjectTable& table;
    Walked& walked;
    std::mutex mutex;
};

class HashingVisitor {
public:
    struct State {};
    explicit HashingVisitor(Shared& shared) : m_shared(shared), m_hasher(shared.table.stores().algorithm) {}

    State whole(git::EntryIndex entry, git::ObjectType type, Bytes content) { return keep(entry, type, content); }
    Result<bool> wants_built(git::EntryIndex, git::ObjectType, Bytes, const State&, const git::Delta&) { return true; }
    void passed_over(git::EntryIndex, git::ObjectType, const git::Delta&) {}
    State built(git::EntryIndex entry, git::ObjectType type, Bytes content, Bytes, const State&, const git::Delta&)
    {
        return keep(entry, type, content);
    }
    State again(git::EntryIndex, git::ObjectType, Bytes) { return {}; }
    void streamed(git::EntryIndex entry, git::ObjectType, const git::StoredObject&)
    {
        failed(entry, Error(ErrorCode::limit, "too large for this test"));
    }
    void failed(git::EntryIndex entry, const Error& error)
    {
        const std::lock_guard lock(m_shared.mutex);
        m_shared.walked.failures.push_back(to_hex(m_shared.table.id(entry)) + ": " + error.message());
    }

private:
    State keep(git::EntryIndex entry, git::ObjectType type, Bytes content)
    {
        const auto id = m_shared.table.id(entry);
        const auto hash = git::hash_object(m_hasher, m_shared.table.stores().algorithm, type, content);
        const std::lock_guard lock(m_shared.mutex);
        m_shared.walked.objects[to_hex(id)] = {to_string(type), content.size(), as_text(hash.raw()) == as_text(id)};
        return {};
    }
    Shared& m_shared;
    Hasher m_hasher;
};

}  // namespace

Walked walk_objects(const std::filesystem::path& path, const WalkSettings& settings)
{
    const auto repository = git::Repository::open(path);
    if (!repository) {
        throw std::runtime_error(repository.error().message());
    }
    Problems problems;
    const auto stores = git::open_object_stores(repository->objects_dir(), repository->hash(),
                                                {repository->own_folders(), true}, problems);
    const auto table = git::ObjectTable::build(stores, settings.threads);
    Walked walked;
    Shared shared{table, walked, {}};
    git::WalkPlan plan;
    plan.visits = plan.visits_loose = [](git::ObjectType) { return true; };
    plan.limits = settings.limits;
    std::vector<std::unique_ptr<HashingVisitor>> visitors;
    for (unsigned i = 0; i < settings.threads; ++i) {
        visitors.push_back(std::make_unique<HashingVisitor>(shared));
    }
    git::DeltaWalk<HashingVisitor> walk(table, plan);
    walk.run(visitors);
    walked.dropped_bases = walk.dropped_bases();
    for (git::EntryIndex entry = 0; entry < table.size(); ++entry) {
        if (table.fault(entry) != git::EntryFault::none) {
            walked.failures.push_back(to_hex(table.id(entry)) + ": fault");
        }
    }
    for (const auto& skip : problems.list()) {
        walked.failures.push_back(skip.reason + ": " + skip.examples.front());
    }
    return walked;
}

}  // namespace r8scan::test
