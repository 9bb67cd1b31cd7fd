// String literals that a program puts together: "ab" + "cd", adjacent literals, one literal over two source lines.
#pragma once

#include "decode/decoded.h"

#include <cstddef>

namespace r8scan::decode {

/// Follows a word ([A-Za-z0-9_]) from its beginning at `begin` over the joints between literals, until something else
/// ends it. Empty where there is no joint, or where the word stays shorter than `least` characters. What stands around
/// the word comes with it.
[[nodiscard]] Decoded join_literals(Bytes content, std::uint64_t begin, std::size_t least);

}  // namespace r8scan::decode
