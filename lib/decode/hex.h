// Hex dumps and hex strings: pairs of digits, run together or with marks between.
#pragma once

#include "decode/decoded.h"

namespace r8scan::decode {

/// Decodes the pairs around `at`. Between pairs may stand blanks, colons, commas, dashes, `0x`, `\x`, line breaks and
/// the backslash that continues a line. Where digits run together around `at`, `odd` says that pairs begin at an odd
/// distance from the first of them.
[[nodiscard]] Decoded decode_hex_around(Bytes content, std::uint64_t at, bool odd);

}  // namespace r8scan::decode
