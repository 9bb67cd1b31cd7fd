// Percent-encoding of URLs: https://www.rfc-editor.org/rfc/rfc3986#section-2.1
#pragma once

#include "decode/decoded.h"

namespace r8scan::decode {

/// Decodes one level of percent-encoding around `at`: %255F becomes %5F.
[[nodiscard]] Decoded decode_percent_around(Bytes content, std::uint64_t at);

}  // namespace r8scan::decode
