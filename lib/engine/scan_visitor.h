// What the object scan does with each object: one visitor for each thread of the delta walk.
#pragma once

#include "engine/delta_rule.h"
#include "engine/object_scan.h"
#include "git/commit.h"
#include "git/delta_walk.h"

#include <optional>

namespace r8scan {

/// Read by all visitors, written by none.
struct ScanContext {
    const git::ObjectTable& table;
    const Matcher& matcher;
    const ObjectScanOptions& options;
    Problems& problems;
};

class ScanVisitor {
public:
    /// Of a base: whether it holds an anchor, so that deltas may carry one over.
    struct State {
        bool has_anchor = false;
    };
    struct Failure {
        git::EntryIndex entry = git::no_entry;
        Error error;
    };

    explicit ScanVisitor(const ScanContext& context);

    State whole(git::EntryIndex entry, git::ObjectType type, Bytes content);
    Result<bool> wants_built(git::EntryIndex entry, git::ObjectType type, Bytes base, const State& base_state,
                             const git::Delta& delta);
    void passed_over(git::EntryIndex entry, git::ObjectType type, const git::Delta& delta);
    State built(git::EntryIndex entry, git::ObjectType type, Bytes content, Bytes base, const State& base_state,
                const git::Delta& delta);
    State again(git::EntryIndex entry, git::ObjectType type, Bytes content);
    void streamed(git::EntryIndex entry, git::ObjectType type, const git::StoredObject& object);
    void failed(git::EntryIndex entry, const Error& error);
    /// Of a loose object that was read: its file goes on behind its end.
    void left_bytes(git::EntryIndex entry);

    /// Looks up the trees, parents and targets of all commits and tags seen. Once, after the walk.
    void resolve_links();

    ObjectScan results;  // of this thread, unsorted
    std::vector<Failure> failures;
    std::vector<std::pair<git::EntryIndex, git::ObjectType>> loose_types;

private:
    // An id that a commit or tag names. Look-ups of random ids wait for memory; all of them in id order do not.
    struct Link {
        enum class Role : std::uint8_t { tree, parent, target };
        git::ObjectId id;
        Role role = Role::tree;
        std::uint32_t record = 0;  // into results.commits or results.tags
    };
    void resolve(const Link& link, git::EntryIndex found);
    void count(git::EntryIndex entry, git::ObjectType type, std::uint64_t size);
    State inspect(git::EntryIndex entry, git::ObjectType type, Bytes content, bool may_hold_anchor);
    /// Each name of a tree for itself; the hits are in terms of the tree, with the name as their inner path.
    std::vector<Hit> scan_names(git::EntryIndex entry, Bytes content);
    void verify(git::EntryIndex entry, git::ObjectType type, Bytes content);
    void keep(git::EntryIndex entry, git::ObjectType type, std::vector<Hit> hits);
    void record_commit(git::EntryIndex entry, Bytes content);
    void record_tag(git::EntryIndex entry, Bytes content);
    [[nodiscard]] git::EntryIndex primary(git::EntryIndex entry) const;

    const ScanContext& m_context;
    LayerScanner m_scanner;
    std::optional<DeltaRule> m_delta_rule;
    Hasher m_hasher;
    std::vector<Link> m_links;
    bool m_fires = false;  // of the delta that wants_built() saw last
};

}  // namespace r8scan
