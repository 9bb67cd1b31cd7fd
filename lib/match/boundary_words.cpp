#include "match/boundary_words.h"

#include "match/boundary_characters.h"
#include "match/boundary_escapes.h"

namespace r8scan::boundary {

namespace {

// What people put between dashes: old, OLD, Old, oldKey, v2, 2024, and the hex groups of a UUID. Two letters need a
// vowel and one case, for in a digest of 43 characters a token-shaped string leaves just two.
bool is_word(std::string_view text)
{
    constexpr std::size_t least_hex = 4;
    if (text.size() >= least_hex && count_at_begin(text, is_lower_hex) == text.size()) {
        return true;
    }
    text.remove_suffix(count_at_end(text, is_digit));
    if (text.size() == 2) {
        return text.find_first_of("aeiouyAEIOUY") != std::string_view::npos && is_lower(text[0]) == is_lower(text[1]) &&
               is_upper(text[0]) == is_upper(text[1]);
    }
    if (count_at_begin(text, is_upper) == text.size()) {
        return true;
    }
    // A small or capitalised word, then capitalised ones; of three letters or more where all is short.
    const std::size_t least_small = text.size() < 6 ? 2 : 1;
    auto letters = count_at_begin(text.substr(is_upper(text[0]) ? 1 : 0), is_lower);
    text.remove_prefix(letters + (is_upper(text[0]) ? 1 : 0));
    while (letters != 0 && !text.empty()) {
        letters = is_upper(text[0]) ? count_at_begin(text.substr(1), is_lower) : 0;
        letters = letters >= least_small ? letters : 0;
        text.remove_prefix(letters == 0 ? 0 : letters + 1);
    }
    return letters != 0;
}

}  // namespace

bool are_words(std::string_view text)
{
    while (!text.empty()) {
        const auto dash = std::min(text.find_first_of("-_"), text.size());
        if (dash != 0 && !is_word(text.substr(0, dash))) {
            return false;
        }
        text.remove_prefix(std::min(dash + 1, text.size()));
    }
    return true;
}

// The run before the match may begin with the rest of an escape: \nFAKE_, %22my-app-.
bool are_words_before(std::string_view before)
{
    constexpr std::size_t longest_escape = 8;  // in letters and digits
    const auto size = count_at_end(before, is_base64url);
    const auto run = before.size() - size;
    if (are_words(before.substr(run))) {
        return true;
    }
    for (std::size_t skipped = 1; skipped <= std::min(size, longest_escape); ++skipped) {
        const auto escape = before.substr(0, run + skipped);
        if (std::any_of(escapes.begin(), escapes.end(), [&](auto ends_so) { return ends_so(escape); }) &&
            are_words(before.substr(run + skipped))) {
            return true;
        }
    }
    return false;
}

}  // namespace r8scan::boundary
