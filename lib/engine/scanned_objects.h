// The few objects of a range or of the index: each is numbered when it is first met, read and scanned once.
//
// The numbers stand for entries wherever the engine's steps are made for a table of all objects.
#pragma once

#include "engine/finding_builder.h"
#include "git/object_database.h"

namespace r8scan {

class ScannedObjects : public ObjectSource {
public:
    ScannedObjects(git::ObjectDatabase& objects, const Matcher& matcher, const LayerLimits& limits, Problems& problems,
                   Problems& unopened);

    /// The object's number; it is not read for it.
    git::EntryIndex number_of(const git::ObjectId& id);
    /// A number of its own for a name in a tree: the hits in it count as the tree's.
    git::EntryIndex number_for_name(const git::ObjectId& tree);

    /// Reads and scans the object if that was not done. Whether it has hits; an object that cannot be read has none and
    /// is named as a problem, with the place.
    bool scan(git::EntryIndex entry, const std::string& place);
    /// Scans a name that stands in a tree at `offset`, under a number made for it.
    bool scan_name(git::EntryIndex entry, std::string_view name);

    /// What was found and counted so far: hits by entry, counts, bytes. Moves the hits out.
    ObjectScan take();

    [[nodiscard]] Bytes id(git::EntryIndex entry) const override { return m_ids[entry].raw(); }
    Result<git::ReadObject> read(git::EntryIndex entry) override { return m_objects.read(m_ids[entry]); }

private:
    bool keep(git::EntryIndex entry, git::ObjectType type, std::vector<Hit> hits);

    git::ObjectDatabase& m_objects;
    LayerScanner m_scanner;
    Problems& m_problems;
    Problems& m_unopened;
    std::vector<git::ObjectId> m_ids;
    enum class State : std::uint8_t { unread, clean, hit };
    std::vector<State> m_states;
    std::map<git::ObjectId, git::EntryIndex> m_numbers;
    ObjectScan m_scan;
};

}  // namespace r8scan
