// Text within XML and HTML, where some characters are markup. What a person must not be shown is escape.h's business.
#pragma once

#include <string>
#include <string_view>

namespace r8scan {

/// UTF-8 text with & < > " ' as entities, fit for content and for a quoted attribute. U+FFFE and U+FFFF, which are
/// well-formed UTF-8 and no characters of XML, are written as `\ufffe` and `\uffff`.
[[nodiscard]] std::string escape_markup(std::string_view text);

}  // namespace r8scan
