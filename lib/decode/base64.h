// Base64 and base64url (https://www.rfc-editor.org/rfc/rfc4648), around a place or as a whole.
//
// Line breaks, real ones and written \n or \r\n, and the indentation behind them are skipped, and so is the backslash
// of an escaped slash.
#pragma once

#include "decode/decoded.h"

namespace r8scan::decode {

/// Decodes what stands around `at`, taking the character there for number `phase` (0 to 3) of its group of four.
/// Nothing is decoded where no base64 stands.
[[nodiscard]] Decoded decode_base64_around(Bytes content, std::uint64_t at, unsigned phase);

struct DecodedRun {
    std::vector<std::byte> bytes;
    std::uint64_t end = 0;  // behind the last character
    bool cut = false;       // more than `most` bytes would have come
};

/// Decodes from `begin`, which begins a group, to the end of the base64 or to `most` bytes.
[[nodiscard]] DecodedRun decode_base64_from(Bytes content, std::uint64_t begin, std::uint64_t most);

}  // namespace r8scan::decode
