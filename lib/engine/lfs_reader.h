// Scans what a blob stands for where it is a pointer of LFS and the object is here: for scans of a range or the index.
#pragma once

#include "engine/stream_scan.h"
#include "util/problems.h"

#include <filesystem>

namespace r8scan {

class LfsReader {
public:
    LfsReader(std::filesystem::path common_dir, const Matcher& matcher, const DetectionOptions& options,
              Control& control, Problems& problems, Problems& unopened);

    /// Hits in the object that the content points to; none where it is no pointer, or the object was not fetched. Bytes
    /// read are added to `bytes`; `place` names the pointer in messages.
    std::vector<Hit> scan(Bytes content, const std::string& place, std::uint64_t& bytes);

private:
    std::filesystem::path m_common_dir;
    StreamScan m_stream;
    Problems& m_problems;
    Problems& m_unopened;
};

}  // namespace r8scan
