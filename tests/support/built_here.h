// Where this build's source tree and programs are. One file knows, so that the others compile to the same code wherever
// the tree stands.
#pragma once

#include <string>

namespace r8scan::test {

/// The root of the source tree, absolute.
std::string source_dir();

/// The r8scan program of this build, absolute.
std::string program();

/// The program of examples/revocation-service, absolute.
std::string revocation_service();

}  // namespace r8scan::test
