#include "match/boundary.h"

#include <string_view>

namespace r8scan {

namespace {

bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// The letter of an escape such as \n, which belongs to the backslash and not to the token.
bool ends_escape(std::string_view before)
{
    constexpr std::string_view letters = "ntrfvbae0";
    return before.size() >= 2 && before[before.size() - 2] == '\\' && letters.find(before.back()) != letters.npos;
}

}  // namespace

std::optional<BoundaryVerdict> judge_boundary(Bytes content, std::size_t begin, std::size_t end)
{
    const auto text = as_text(content);
    BoundaryVerdict verdict;
    if (begin > 0) {
        const char left = text[begin - 1];
        if (left == '_') {
            verdict = {Confidence::medium, "an underscore stands before it"};
        } else if (is_alphanumeric(left) && !ends_escape(text.substr(0, begin))) {
            return std::nullopt;
        }
    }
    if (end < text.size()) {
        const char right = text[end];
        if (is_alphanumeric(right)) {
            return std::nullopt;
        }
        if ((right == '_' || right == '-') && end + 1 < text.size() && is_alphanumeric(text[end + 1])) {
            verdict = {Confidence::medium, "a word continues behind it"};
        }
    }
    return verdict;
}

}  // namespace r8scan
