// Looks up and reads single objects by id, without listing the others: what a range, an index or a push needs.
//
// A look-up costs a search in each pack's index, or the opening of one loose file; nothing here grows with the history.
// Indexes are trusted no further than memory safety asks: whatever is read is hashed and held against its id.
// One for each thread.
#pragma once

#include "git/base_cache.h"
#include "git/object_reader.h"

#include <memory>
#include <string_view>

namespace r8scan::git {

class ObjectDatabase {
public:
    /// The stores must have been opened for look-ups and outlive the database. Where an object is not there and packs
    /// came or went since, they are opened once more.
    ObjectDatabase(const ObjectStores& stores, const ReadLimits& limits);

    [[nodiscard]] bool contains(const ObjectId& id) const;

    /// not_found: no store has it. damaged: no copy of it can be read. limit: it is too large.
    Result<ReadObject> read(const ObjectId& id);

    /// Distinct objects whose id begins with these hex digits (at least four), at most two.
    [[nodiscard]] std::vector<ObjectId> with_prefix(std::string_view hex) const;

    [[nodiscard]] HashAlgorithm algorithm() const { return m_stores->algorithm; }

private:
    static constexpr std::uint64_t base_cache_bytes = 64U << 20U;

    Result<ReadObject> read_copies(const ObjectId& id, unsigned depth);
    Result<ReadObject> read_packed(const Pack& pack, std::uint64_t offset, unsigned depth);
    Result<ReadObject> read_loose(const std::filesystem::path& path);
    Result<Bytes> inflate(const Pack& pack, const EntryHeader& header, Buffer& buffer);
    [[nodiscard]] std::filesystem::path loose_path(std::size_t folder, const ObjectId& id) const;

    bool look_again();
    [[nodiscard]] std::vector<std::filesystem::file_time_type> pack_times() const;

    const ObjectStores* m_stores;
    std::vector<std::unique_ptr<ObjectStores>> m_reopened;      // all are kept: what is cached refers to their packs
    std::vector<std::filesystem::file_time_type> m_pack_times;  // of the pack folders, when they were last opened
    const ReadLimits& m_limits;
    Inflater m_inflater;
    Hasher m_hasher;
    Buffer m_delta;
    BaseCache m_bases{base_cache_bytes};
};

}  // namespace r8scan::git
