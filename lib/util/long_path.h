// Opening paths that are longer than the system takes at once (PATH_MAX bytes with the final NUL).
//
// Such a path is gone in pieces, each below the folder that the one before reached. Nothing here changes the directory.
#pragma once

#include <r8scan/result.h>

#include "util/file.h"

#include <string>

namespace r8scan {

/// open() with O_CLOEXEC for a path of any length; the error is that of the piece that failed.
Result<UniqueFd> open_long_path(const std::string& path, int flags);

/// The text of a symbolic link.
Result<std::string> read_link(const std::string& path);

}  // namespace r8scan
