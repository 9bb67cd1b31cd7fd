// Reads and scans every blob, commit and tag of the object table once, and keeps of commits and tags what the history
// needs: who their parents, trees and targets are.
#pragma once

#include <r8scan/scan.h>

#include "engine/layer_scanner.h"
#include "git/object_reader.h"
#include "util/problems.h"

#include <functional>

namespace r8scan {

/// Objects are named by their primary entry in the table.
struct ObjectHits {
    git::EntryIndex entry = git::no_entry;
    git::ObjectType type = git::ObjectType::unknown;
    std::vector<Hit> hits;  // in order of offset
};

/// Something inside an object that was recognised and not read.
struct UnreadInObject {
    git::EntryIndex entry = git::no_entry;
    UnreadPart part;
};

struct CommitRecord {
    git::EntryIndex entry = git::no_entry;
    git::EntryIndex tree = git::no_entry;
    std::vector<git::EntryIndex> parents;        // those that are there
    std::vector<git::ObjectId> missing_parents;
    std::int64_t time = 0;                       // committer's
};

struct TagRecord {
    git::EntryIndex entry = git::no_entry;
    git::EntryIndex target = git::no_entry;
};

struct ObjectScan {
    std::vector<ObjectHits> hits;       // sorted by entry
    std::vector<UnreadInObject> unread; // sorted by entry
    std::vector<CommitRecord> commits;  // sorted by entry
    std::vector<TagRecord> tags;        // sorted by entry
    ObjectCounts counts;
    std::uint64_t bytes = 0;
    std::uint64_t built_bytes = 0;      // of deltas that had to be built
    std::uint64_t scanned_bytes = 0;    // bytes that went through the anchor database
    std::uint64_t dropped_bases = 0;
};

struct ObjectScanOptions {
    unsigned threads = 1;
    bool delta_rule = true;
    bool verify_objects = false;
    git::ReadLimits limits;
    LayerLimits layers;
    /// Reads an object that has gone from where it was listed, because a repack moved it; may be empty.
    std::function<Result<git::ReadObject>(const git::ObjectId&)> find_again;
};

ObjectScan scan_objects(const git::ObjectTable& table, const Matcher& matcher, const ObjectScanOptions& options,
                        Control& control, Problems& problems, Problems& unopened);

/// "blob 1f3c… in "pack-….pack" at offset 12": names an entry in messages.
std::string describe(const git::ObjectTable& table, git::EntryIndex entry);

}  // namespace r8scan
