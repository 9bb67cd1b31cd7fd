// All places that hold a repository's objects: its own object folder and the alternates that may be followed.
//
// Opens packs and lists loose objects; reads no object. What cannot be opened is a problem by name, never silence.
#pragma once

#include "git/multi_pack_index.h"
#include "git/object_id.h"
#include "git/pack.h"
#include "util/problems.h"

#include <memory>

namespace r8scan::git {

struct LooseFile {
    ObjectId id;
    std::uint16_t folder = 0;  // into ObjectStores::folders
};

/// May an alternate at this (resolved) path be read?
struct AlternatesPolicy {
    std::vector<std::filesystem::path> inside;  // roots that count as the repository's own, resolved
    bool allow_outside = false;
};

/// What of the stores is wanted.
struct StoreOpening {
    std::vector<std::filesystem::path> more_folders;  // named by the caller, not by the repository: always read
    bool for_lookups = false;  // single objects by id: loose ones are not listed, indexes not checked through
};

struct StoreOrigin {
    std::filesystem::path objects;
    AlternatesPolicy policy;
    StoreOpening opening;
};

struct ObjectStores {
    HashAlgorithm algorithm = HashAlgorithm::sha1;
    std::vector<std::filesystem::path> folders;  // object folders, the repository's own first
    std::vector<Pack> packs;                     // sorted by path within each folder
    std::vector<LooseFile> loose;                // sorted by folder, then id
    std::shared_ptr<const StoreOrigin> origin;   // what they were opened from
    bool promisor = false;                       // some pack came from a promisor remote (partial clone)

    [[nodiscard]] std::filesystem::path loose_path(const LooseFile& file) const;
    /// Names the packs that changed since they were opened. Asked when everything has been read.
    void name_changed(Problems& problems) const;
};

ObjectStores open_object_stores(const std::filesystem::path& objects, HashAlgorithm algorithm,
                                const AlternatesPolicy& policy, Problems& problems, const StoreOpening& opening = {});

/// The same once more, for look-ups: a repack that runs at the same time moves objects from one place to another. What
/// cannot be opened was named the first time, or is a missing object now.
ObjectStores open_again(const ObjectStores& stores);

}  // namespace r8scan::git
