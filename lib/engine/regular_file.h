// Scans one regular file of a repository. One that has gone since it was listed holds nothing: files of a repository
// that is in use come and go.
#pragma once

#include "engine/stream_scan.h"

#include <filesystem>

namespace r8scan {

ScannedStream scan_regular_file(StreamScan& stream, const std::filesystem::path& path);

}  // namespace r8scan
