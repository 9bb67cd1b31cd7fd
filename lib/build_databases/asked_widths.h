// What the program that builds the databases links in place of what was built (none.cpp) remembers which widths are asked
// for while the rules are compiled: these are the ones to write down.
#pragma once

#include <set>
#include <string>
#include <utility>

namespace r8scan {

using AskedWidth = std::pair<std::string, unsigned>;  // expression, flags

std::set<AskedWidth>& asked_widths();

}  // namespace r8scan
