// Containers that hold one stream: gzip, bzip2, xz, zstd, zlib. Members that follow each other directly, as all of
// these tools write and read them, are joined; what stands behind the last one is not ours.
#pragma once

#include "decode/container.h"

namespace r8scan::decode {

ContainerEnd open_single_stream(ContainerKind kind, Bytes content, std::uint64_t begin, Budget& budget,
                                const ContainerCallbacks& callbacks);

}  // namespace r8scan::decode
