// Reads and matches the files of a list, each once, on several threads, and makes findings of what is in them: for
// scans of files and folders, and of a repository's working tree.
#pragma once

#include <r8scan/scan.h>

#include "match/matcher.h"
#include "source/file_list.h"
#include "util/problems.h"

namespace r8scan {

struct FileReading {
    const Matcher& matcher;
    const DetectionOptions& options;
    Control& control;  // its objects are the files
    Problems& problems;
    Problems& unopened;
    std::string top = {};  // taken off the front of the paths that findings name
    const char* kind_of_links = "symlink";
};

struct FilesRead {
    std::vector<Finding> findings;  // in order of the list; at most places_per_token of each token
    std::uint64_t scanned = 0;
    std::uint64_t symlinks = 0;  // of the list
    std::uint64_t bytes = 0;
    std::uint64_t placeholders = 0;
    std::uint64_t below_confidence = 0;
    std::uint64_t places_not_listed = 0;
    unsigned threads = 0;
};

FilesRead read_files(const source::FileList& list, const FileReading& how);

}  // namespace r8scan
