// Which blobs are pointers to objects of LFS in which something was found: the history of such an object is theirs.
//
// Asked only after a hit, by one more walk over the blobs; whatever is too large for a pointer is passed over.
#pragma once

#include "engine/object_scan.h"
#include "engine/scan_metadata.h"

#include <atomic>
#include <map>
#include <string>
#include <vector>

namespace r8scan {

/// Primary entries of the pointers, sorted, by the SHA-256 that they name.
using LfsPointers = std::map<std::string, std::vector<git::EntryIndex>>;

LfsPointers find_lfs_pointers(const git::ObjectTable& table, const std::vector<LfsHits>& objects, unsigned threads,
                              const git::ReadLimits& limits, const std::atomic<bool>* stop);

/// What was found in an object was found in each blob that points to it. Objects without a pointer stay in the list.
void give_hits_to_pointers(std::vector<LfsHits>& objects, const LfsPointers& pointers, ObjectScan& scan);

}  // namespace r8scan
