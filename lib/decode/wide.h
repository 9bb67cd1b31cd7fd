// UTF-16 and UTF-32 (https://www.unicode.org/faq/utf_bom.html), around a place.
#pragma once

#include "decode/decoded.h"

namespace r8scan::decode {

struct WideForm {
    std::size_t unit = 2;      // bytes a character: 2 or 4
    bool big_endian = false;
};

/// Turns what stands around `at` into UTF-8. `at` is the first byte of a character. Decoding ends at whatever is no
/// character.
[[nodiscard]] Decoded decode_wide_around(Bytes content, std::uint64_t at, WideForm form);

}  // namespace r8scan::decode
