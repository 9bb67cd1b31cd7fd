// Whether what a dash or underscore joins to a token is words, as people write them, or random base64url characters.
#pragma once

#include <string_view>

namespace r8scan::boundary {

/// Whether a base64url run (letters, digits, - and _) is words between dashes. No words at all count as words.
[[nodiscard]] bool are_words(std::string_view run);

/// Whether the base64url run at the end of the text is words, perhaps behind the end of an escape.
[[nodiscard]] bool are_words_before(std::string_view before);

}  // namespace r8scan::boundary
