// How the beginning of a text shows in base64 of it, at each of the three alignments.
#pragma once

#include <bitset>
#include <string>
#include <vector>

namespace r8scan {

using ByteSet = std::bitset<256>;

/// Bytes of which each is one of a set: a text that is known in part.
using ByteSets = std::vector<ByteSet>;

/// The sets that stand for exactly this text.
[[nodiscard]] ByteSets exactly(const std::string& text);

/// Expressions of at most eight bytes, one of which stands in the base64 (either alphabet) of every text that holds
/// `known`, whatever stands before it; also where lines are broken (LF or CRLF, real or written \n, then indentation)
/// at a base64 group boundary. With `twice` the same for base64 of that base64, whose own lines may be broken too.
[[nodiscard]] std::vector<std::string> base64_anchors(const ByteSets& known, bool twice);

}  // namespace r8scan
