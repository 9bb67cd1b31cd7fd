// Reads single objects by id or entry: commits for their subject, the blob of a line, an object whose first copy is
// damaged. Where an entry cannot be read, other copies of it, or of a base in its chain, are tried.
// One for each thread.
#pragma once

#include "git/entry_reader.h"

#include <set>

namespace r8scan::git {

struct ReadObject {
    ObjectType type = ObjectType::unknown;
    Buffer buffer;
    Bytes content;  // lives in the buffer
};

class ObjectReader {
public:
    ObjectReader(const ObjectTable& table, const ReadLimits& limits) : m_table(table), m_limits(limits), m_reader(table) {}

    /// not_found: no such object. damaged: no copy can be read.
    Result<ReadObject> read(Bytes id);
    Result<ReadObject> read(EntryIndex entry);

private:
    Result<ReadObject> read_any_copy(Bytes id, std::set<EntryIndex>& tried, unsigned depth);
    Result<ReadObject> read_chain(EntryIndex entry, std::set<EntryIndex>& tried, unsigned depth);

    const ObjectTable& m_table;
    const ReadLimits& m_limits;
    EntryReader m_reader;
    Buffer m_delta;
};

}  // namespace r8scan::git
