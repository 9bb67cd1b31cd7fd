// How this build's programs are linked. As built_here.h, one file knows.
#pragma once

#include <string>

namespace r8scan::test {

/// Whether r8scan loads its libraries when it first calls them (R8SCAN_LAZY).
bool loads_lazily();

/// The static program, absolute; empty where the libraries for it are not here.
std::string static_program();

}  // namespace r8scan::test
