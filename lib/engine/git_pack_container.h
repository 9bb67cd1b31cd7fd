// Git packs and bundles that lie inside something else, a tree or an archive: opened with the reader of real packs.
#pragma once

#include "decode/container.h"

namespace r8scan {

/// As decode::open_container, for the pack at content[begin]. Members are its blobs, commits and tags, named by id.
decode::ContainerEnd open_git_pack(Bytes content, std::uint64_t begin, decode::Budget& budget,
                                   const decode::ContainerCallbacks& callbacks);

}  // namespace r8scan
