// Hyperscan databases of the built-in rules, compiled when r8scan was built: compiling them takes a fifth of a second,
// loading them well under a millisecond.
//
// A database is good for one version of Hyperscan and for processors like the one that built it. Where it cannot be
// loaded the rules are compiled at run time.
#pragma once

#include "util/bytes.h"

#include <string_view>

namespace r8scan {

/// The serialised database with this key (see Matcher::serialised); empty where the build made none.
[[nodiscard]] Bytes built_database(std::string_view key);

}  // namespace r8scan
