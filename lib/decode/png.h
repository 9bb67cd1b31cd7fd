// Compressed text in PNG images: zTXt and iTXt chunks. Plain text chunks are seen by who scans the file.
// https://www.w3.org/TR/png-3/#11textinfo
#pragma once

#include "decode/container.h"

namespace r8scan::decode {

ContainerEnd open_png(Bytes content, std::uint64_t begin, Budget& budget, const ContainerCallbacks& callbacks);

}  // namespace r8scan::decode
