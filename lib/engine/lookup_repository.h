// A repository opened for single look-ups: what scans of a range and of the index start from.
#pragma once

#include <r8scan/scan.h>

#include "git/object_database.h"
#include "git/refs.h"
#include "git/repository.h"
#include "util/problems.h"

#include <memory>

namespace r8scan {

struct LookupRepository {
    git::Repository repository;
    git::Refs refs;
    git::ObjectStores stores;
    git::ReadLimits limits;
    std::unique_ptr<git::ObjectDatabase> objects;  // refers to the stores and limits

    /// Fills the given one, which must stay where it is.
    static Result<void> open(const std::filesystem::path& path, const GitPlaces& places, const DetectionOptions& options,
                             bool allow_outside, Problems& problems, LookupRepository& out);
};

}  // namespace r8scan
