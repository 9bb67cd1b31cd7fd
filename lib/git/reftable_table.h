// One table of refs (a file of the folder "reftable"), read from its first block to its last.
//
// Indexes and the map from objects to refs only speed up look-ups; they are stepped over. A footer with a checksum
// guards the header; entries of reflogs carry zlib's; names and ids are guarded by nothing but their order.
// Format: https://git-scm.com/docs/reftable ("File format")
#pragma once

#include "git/reftable_block.h"

namespace r8scan::git {

/// Hands out what the table holds; what came before an error has been handed out.
Result<void> read_reftable(Bytes table, HashAlgorithm algorithm, const ReftableVisitor& visitor);

}  // namespace r8scan::git
