// Quoted-printable: https://www.rfc-editor.org/rfc/rfc2045#section-6.7
#pragma once

#include "decode/decoded.h"

namespace r8scan::decode {

/// Decodes =HH and takes out soft line breaks (= at the end of a line) around `at`.
[[nodiscard]] Decoded decode_quoted_printable_around(Bytes content, std::uint64_t at);

}  // namespace r8scan::decode
