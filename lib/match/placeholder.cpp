#include "match/placeholder.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>

namespace r8scan {

namespace {

constexpr std::size_t prefix_size = 3;
constexpr std::size_t longest_repeat = 8;      // 37 · 62^-7 ≈ 1e-11 by chance
constexpr std::size_t longest_sequence = 8;    // 37 · 2 · 62^-7
constexpr std::size_t least_distinct = 10;     // a random token has 28 ± 2
constexpr std::size_t longest_period = 12;
constexpr std::array<std::string_view, 9> words = {"example",     "yourtoken", "yourreplicate", "replicateapi", "apitoken",
                                                   "placeholder", "tokenhere", "goeshere",      "notareal"};

// Length of the longest run in which every character follows from the one before by the same step.
std::size_t longest_run(std::string_view text, int step)
{
    std::size_t longest = 1;
    std::size_t current = 1;
    for (std::size_t i = 1; i < text.size(); ++i) {
        current = text[i] == text[i - 1] + step ? current + 1 : 1;
        longest = std::max(longest, current);
    }
    return longest;
}

bool is_periodic(std::string_view text)
{
    for (std::size_t period = 1; period <= longest_period; ++period) {
        std::size_t same = 0;
        for (std::size_t i = period; i < text.size(); ++i) {
            same += static_cast<std::size_t>(text[i] == text[i - period]);
        }
        if (same + 2 >= text.size() - period) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool is_placeholder(std::string_view token)
{
    const auto body = token.substr(std::min(prefix_size, token.size()));
    std::bitset<256> seen;
    std::string lower;
    for (const char c : body) {
        seen.set(static_cast<unsigned char>(c));
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (seen.count() < least_distinct || longest_run(body, 0) >= longest_repeat ||
        longest_run(lower, 1) >= longest_sequence || longest_run(lower, -1) >= longest_sequence || is_periodic(body)) {
        return true;
    }
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

}  // namespace r8scan
