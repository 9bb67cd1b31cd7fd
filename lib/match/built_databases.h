// Hyperscan databases of the built-in rules, compiled when r8scan was built: compiling them takes a fifth of a second,
// loading them well under a millisecond.
//
// What Hyperscan says of the width of their expressions is written down as well, as it parses each of them to know: three
// milliseconds for all, in which a commit hook is done.
//
// A database is good for one version of Hyperscan and for processors like the one that built it. Where it cannot be
// loaded the rules are compiled at run time.
#pragma once

#include "util/bytes.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace r8scan {

/// The serialised database with this key (see Matcher::serialised); empty where the build made none.
[[nodiscard]] Bytes built_database(std::string_view key);

struct BuiltWidth {
    std::uint32_t least = 0;
    std::uint32_t most = 0;
};

/// The width of what an expression matches with these flags of Hyperscan, if it is one of the built-in rules.
[[nodiscard]] std::optional<BuiltWidth> built_width(std::string_view expression, unsigned flags);

/// Matcher::digest() of the built-in rules alone; empty where the build made none.
[[nodiscard]] std::string_view built_digest();

}  // namespace r8scan
