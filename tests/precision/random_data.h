// Random data of the kinds that repositories hold, in pieces: what a scanner finds in it is wrong.
#pragma once

#include "tests/support/tokens.h"

#include <string>

namespace r8scan::test {

enum class RandomKind { bytes, base64_run, base64_lines, base64_values, base64url_run, base64url_values, hex_run };
inline constexpr RandomKind random_kinds[] = {
    RandomKind::bytes,         RandomKind::base64_run,       RandomKind::base64_lines, RandomKind::base64_values,
    RandomKind::base64url_run, RandomKind::base64url_values, RandomKind::hex_run};
[[nodiscard]] const char* to_string(RandomKind kind);

/// About `size` bytes: a run is one line, values stand in quotes on lines of their own with the lengths that digests,
/// keys and signatures have (22, 27, 43, 64, 86, 128, 171, 342).
[[nodiscard]] std::string random_piece(RandomKind kind, Rng& rng, std::size_t size);

}  // namespace r8scan::test
