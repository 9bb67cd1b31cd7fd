// Where this build's source tree and program are. One file knows, so that the others compile to the same code wherever
// the tree stands.
#pragma once

#include <string>

namespace r8scan::test {

/// The root of the source tree, absolute.
std::string source_dir();

/// The r8scan program of this build, absolute.
std::string program();

}  // namespace r8scan::test
