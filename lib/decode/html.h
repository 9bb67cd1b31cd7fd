// Character references of HTML and XML: https://html.spec.whatwg.org/multipage/named-characters.html
#pragma once

#include "decode/decoded.h"

namespace r8scan::decode {

/// Decodes numeric references and the few named ones that can stand for or beside a token, around `at`. One level:
/// &amp;#95; becomes &#95;.
[[nodiscard]] Decoded decode_html_around(Bytes content, std::uint64_t at);

}  // namespace r8scan::decode
