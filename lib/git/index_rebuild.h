// Makes the index of a pack anew, in memory, from the pack alone, as `git index-pack` does: for packs whose index is
// damaged or gone.
#pragma once

#include "git/pack.h"

#include <vector>

namespace r8scan::git {

/// Bytes of a version 2 index. Holds every entry up to the first one whose zlib stream is damaged (behind it nobody
/// can tell where the next begins), except deltas whose base is not in the pack. The error is for a pack in which not
/// even the first entry can be read.
Result<std::vector<std::byte>> rebuild_index(const Pack& pack, HashAlgorithm algorithm);

}  // namespace r8scan::git
