// One buffer through zlib, for packs and loose objects. Independent of the decompressor that the library uses.
#pragma once

#include <string>
#include <string_view>

namespace r8scan::test {

/// Compression levels of zlib. `stored` makes blocks that are not compressed, so bytes stand in the file as they are.
enum class Level { stored = 0, fast = 1, normal = 6, best = 9 };

/// A whole zlib stream (RFC 1950); throws std::runtime_error when zlib fails.
[[nodiscard]] std::string deflated(std::string_view bytes, Level level = Level::normal);

}  // namespace r8scan::test
