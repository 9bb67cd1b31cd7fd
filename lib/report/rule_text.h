// What a rule finds, in words. Findings carry the id of their rule alone, so that the built-in ones are named here and
// others by their id.
#pragma once

#include <string>
#include <string_view>

namespace r8scan::report {

/// "Replicate API token"; "secret of the rule NAME" for a rule of the user's own. Escaped for people.
[[nodiscard]] std::string title_of_rule(std::string_view rule);

/// What to do about a leak, in two or three sentences.
[[nodiscard]] std::string advice_on_rule(std::string_view rule);

/// The same in one short sentence, for a line among others.
[[nodiscard]] std::string short_advice_on_rule(std::string_view rule);

/// Where its tokens are ended; empty for a rule of the user's own.
[[nodiscard]] std::string_view address_for_rule(std::string_view rule);

}  // namespace r8scan::report
