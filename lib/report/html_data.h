// What the script of the HTML report works on: a table of texts, the tokens, and a row of numbers for each place.
// Rows refer to texts by their index, which keeps 50,000 findings within a few megabytes.
#pragma once

#include "report/story.h"

#include <cstdint>
#include <string>
#include <vector>

namespace r8scan::report {

/// JSON that may stand within a script element: no character of it can end one. Texts are escaped for people.
[[nodiscard]] std::string html_data(const std::vector<Story>& stories, std::int64_t now, bool show_secrets);

/// "r8_Ws…", or the token where it is to be shown. Escaped for people.
[[nodiscard]] std::string token_name(const Finding& finding, bool show_secrets);

/// "2024-12-06", in UTC as in the story; empty where it is not known.
[[nodiscard]] std::string removal_day(const Finding& finding);

/// The folder that a place is counted under: the first two levels of its path, "(top)", or "(commit)" and the like.
/// Escaped for people.
[[nodiscard]] std::string folder_of(const Finding& finding);

/// "still at HEAD", "removed" and so on: what became of this place. Static text.
[[nodiscard]] const char* state_of_place(const Finding& finding);

/// "introduced 2024-05-06, removed 2024-12-06, revoked 2025-01-02: exposed for 241 days".
[[nodiscard]] std::string story_text(const Story& story, std::int64_t now);

/// What else is to say of a place: its encoding, why it is doubtful, how often it stands there. Escaped for people.
[[nodiscard]] std::string detail_of(const Finding& finding);

/// The earliest moment that any of the stories knows, or now.
[[nodiscard]] std::int64_t beginning_of(const std::vector<Story>& stories, std::int64_t now);

}  // namespace r8scan::report
