// Text within XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace r8scan::report {

/// Raw bytes as text or as a quoted attribute: escaped for people first, so that no control character is left, which
/// XML has no way to write.
[[nodiscard]] std::string markup_text(std::string_view raw);

}  // namespace r8scan::report
