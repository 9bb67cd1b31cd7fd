// Looks up and reads single objects by id, without listing the others: what a range, an index or a push needs.
//
// A look-up costs a search in each pack's index, or the opening of one loose file; nothing here grows with the history.
// Indexes are trusted no further than memory safety asks: whatever is read is hashed and held against its id.
// One for each thread.
#pragma once

#include "git/base_cache.h"
#include "git/object_reader.h"

#include <string_view>

namespace r8scan::git {

class ObjectDatabase {
public:
    /// The stores must have been opened for look-ups and outlive the database.
    ObjectDatabase(const ObjectStores& stores, const ReadLimits& limits);

    [[nodiscard]] bool contains(const ObjectId& id) const;

    /// not_found: no store has it. damaged: no copy of it can be read. limit: it is too large.
    Result<ReadObject> read(const ObjectId& id);

    /// Distinct objects whose id begins with these hex digits (at least four), at most two.
    [[nodiscard]] std::vector<ObjectId> with_prefix(std::string_view hex) const;

    [[nodiscard]] HashAlgorithm algorithm() const { return m_stores.algorithm; }

private:
    static constexpr std::uint64_t base_cache_bytes = 64U << 20U;

    Result<ReadObject> read_copies(const ObjectId& id, unsigned depth);
    Result<ReadObject> read_packed(const Pack& pack, std::uint64_t offset, unsigned depth);
    Result<ReadObject> read_loose(const std::filesystem::path& path);
    Result<Bytes> inflate(const Pack& pack, const EntryHeader& header, Buffer& buffer);
    [[nodiscard]] std::filesystem::path loose_path(std::size_t folder, const ObjectId& id) const;

    const ObjectStores& m_stores;
    const ReadLimits& m_limits;
    Inflater m_inflater;
    Hasher m_hasher;
    Buffer m_delta;
    BaseCache m_bases{base_cache_bytes};
};

}  // namespace r8scan::git
