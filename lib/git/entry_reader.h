// Reads what one entry of the table stores: a whole object, or the stream of a delta. One for each thread.
#pragma once

#include "git/buffer.h"
#include "git/delta.h"
#include "git/inflate.h"
#include "git/loose_object.h"
#include "git/object_table.h"

namespace r8scan::git {

/// Sizes beyond which an object is not held in memory, or not read at all.
struct ReadLimits {
    std::uint64_t in_memory = 256ULL << 20U;    // whole objects; larger ones without children are streamed
    std::uint64_t delta_result = 1ULL << 30U;   // results of deltas, and bases
    std::uint64_t live_bases = 128ULL << 20U;   // bytes of bases kept for their children; beyond, they are rebuilt
    std::uint64_t rebuilt = 64ULL << 30U;       // bytes that all deltas together may produce
    std::uint32_t chain = 100000;               // deltas upon deltas
};

/// A whole object as its entry stores it.
struct StoredObject {
    ObjectType type = ObjectType::unknown;
    Bytes stream;                   // zlib
    std::uint64_t size = 0;         // inflated, without a loose object's header
    std::size_t header_length = 0;  // of a loose object's header within the stream
    MappedFile file;                // what the stream of a loose object lives in
};

class EntryReader {
public:
    explicit EntryReader(const ObjectTable& table) : m_table(table) {}

    /// Checks the entry's CRC32 against the index, where the index has one.
    [[nodiscard]] Result<void> check_crc(EntryIndex entry) const;

    /// Opens an entry that is no delta. Nothing is inflated yet.
    [[nodiscard]] Result<StoredObject> open_whole(EntryIndex entry) const;

    /// Inflates an opened object into the buffer; the view is the content without header and lives in the buffer.
    Result<Bytes> inflate(const StoredObject& object, Buffer& buffer);
    /// Whether it was a loose object, and its file goes on behind the stream: git refuses it then.
    [[nodiscard]] bool left_bytes() const { return m_left_bytes; }

    /// Inflates the delta stream of a delta entry into the buffer.
    Result<Bytes> inflate_delta(EntryIndex entry, const ReadLimits& limits, Buffer& buffer);

private:
    [[nodiscard]] Result<EntryHeader> checked_header(EntryIndex entry) const;
    const ObjectTable& m_table;
    Inflater m_inflater;
    bool m_left_bytes = false;
};

}  // namespace r8scan::git
