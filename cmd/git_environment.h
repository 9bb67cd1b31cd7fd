// What git's environment says of where a repository's parts lie. Hooks are run with it.
#pragma once

#include <r8scan/scan.h>

#include "cmd/typed_options.h"

namespace r8scan::cmd {

/// GIT_DIR, GIT_INDEX_FILE, GIT_OBJECT_DIRECTORY, GIT_QUARANTINE_PATH and GIT_ALTERNATE_OBJECT_DIRECTORIES (its paths
/// separated by ':', each quoted as in C where it begins with '"').
[[nodiscard]] GitPlaces git_places(const Environment& environment);

}  // namespace r8scan::cmd
