// Scans what lies beside a repository's objects: the names of refs, and the files of its git folder.
//
// A token in the name of a ref is told once, as the ref, and not again where git writes the name down: in packed-refs,
// in HEAD, in a reftable, in the reflog line of a checkout.
#pragma once

#include <r8scan/scan.h>

#include "git/refs.h"
#include "match/hit.h"
#include "match/matcher.h"
#include "source/metadata_files.h"
#include "util/problems.h"

#include <set>

namespace r8scan {

struct MetadataScan {
    std::vector<Finding> findings;  // refs by name, their texts, then files by name
    std::uint64_t placeholders = 0;
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
};

struct MetadataContext {
    const Matcher& matcher;
    const DetectionOptions& options;
    Control& control;
    const std::string& repository;  // for Finding::repository
    const std::string& prefix;      // before the names of files: ".git/" or ""
    Problems& problems;
    Problems& unopened;
};

/// Without the objects of LFS. index_paths: what is staged; names in them are told with kind "index" where they hold a
/// token.
MetadataScan scan_metadata(const git::Refs& refs, const std::set<std::string>& index_paths,
                           const std::vector<source::MetadataFile>& files, const MetadataContext& context);

/// An object of LFS in which something was found; nothing is told of it yet.
struct LfsHits {
    const source::MetadataFile* file = nullptr;  // in the list
    std::vector<Hit> hits;
};

/// Reads the objects of LFS among the files; `counts` gets what was read.
std::vector<LfsHits> scan_lfs_objects(const std::vector<source::MetadataFile>& files, const MetadataContext& context,
                                      MetadataScan& counts);

/// Findings of objects that no pointer leads to: told by their files.
MetadataScan tell_lfs_objects(const std::vector<LfsHits>& objects, const MetadataContext& context);

}  // namespace r8scan
