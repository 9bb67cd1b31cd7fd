// Zip archives: also with something before them (a script, an executable) and something behind them, cut ones, and
// ones with broken members.
//
// The directory is read where there is one, because only it knows the sizes of members that were written as a stream.
// Where there is none, or a member breaks libarchive's reader, reading goes on from local header to local header.
#pragma once

#include "decode/container.h"

namespace r8scan::decode {

ContainerEnd open_zip(Bytes content, std::uint64_t begin, Budget& budget, const ContainerCallbacks& callbacks);

}  // namespace r8scan::decode
