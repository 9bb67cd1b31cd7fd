// The objects of a range: each is numbered when it is first met, read and scanned once. Many are scanned by several
// threads, each with a reader and a scanner of its own; one at a time, by the caller's.
//
// The numbers stand for entries wherever the engine's steps are made for a table of all objects.
#pragma once

#include "engine/finding_builder.h"
#include "engine/lookup_repository.h"

namespace r8scan {

class ScannedObjects : public ObjectSource {
public:
    /// An object to scan, and where it stands, for messages; the place may be empty.
    struct Wanted {
        git::EntryIndex entry = git::no_entry;
        std::string place;
    };

    ScannedObjects(LookupRepository& repository, const Matcher& matcher, const DetectionOptions& options,
                   Control& control, Problems& problems, Problems& unopened);
    ~ScannedObjects() override;

    /// The object's number; it is not read for it.
    git::EntryIndex number_of(const git::ObjectId& id);
    /// A number of its own for a name in a tree: the hits in it count as the tree's.
    git::EntryIndex number_for_name(const git::ObjectId& tree);

    /// Reads and scans the object if that was not done. Whether it has hits; an object that cannot be read has none and
    /// is named as a problem, with the place.
    bool scan(git::EntryIndex entry, const std::string& place);
    /// The same for many, on several threads; counts them in `control`, and ends early when it says stop.
    void scan_all(const std::vector<Wanted>& wanted, unsigned threads, Control& control);
    [[nodiscard]] bool has_hits(git::EntryIndex entry) const { return m_states[entry] == State::hit; }
    /// Scans a name that stands in a tree at `offset`, under a number made for it.
    bool scan_name(git::EntryIndex entry, std::string_view name);

    /// What was found and counted so far: hits by entry, counts, bytes. Moves the hits out.
    ObjectScan take();

    [[nodiscard]] Bytes id(git::EntryIndex entry) const override { return m_ids[entry].raw(); }
    Result<git::ReadObject> read(git::EntryIndex entry) override { return m_repository.objects->read(m_ids[entry]); }

private:
    struct Worker;

    bool read_and_scan(Worker& worker, git::EntryIndex entry, const std::string& place);
    bool keep(Worker& worker, git::EntryIndex entry, git::ObjectType type, std::vector<Hit> hits);

    LookupRepository& m_repository;
    const Matcher& m_matcher;
    const DetectionOptions& m_options;
    Control& m_control;
    Problems& m_problems;
    Problems& m_unopened;
    std::vector<git::ObjectId> m_ids;
    enum class State : std::uint8_t { unread, clean, hit };
    std::vector<State> m_states;  // each is written by the one thread that scans the object
    std::map<git::ObjectId, git::EntryIndex> m_numbers;
    std::unique_ptr<Worker> m_first;  // the caller's thread
    ObjectScan m_scan;                // of the other threads, which have ended
};

}  // namespace r8scan
