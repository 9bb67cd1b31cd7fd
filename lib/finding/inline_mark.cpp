#include "finding/inline_mark.h"

#include <algorithm>
#include <array>

namespace r8scan {

namespace {

constexpr std::string_view ours = "r8scan:allow";
constexpr std::array<std::string_view, 9> marks{ours,
                                                "gitleaks:allow",
                                                "betterleaks:allow",
                                                "trufflehog:ignore",
                                                "kingfisher:ignore",
                                                "pragma: allowlist secret",
                                                "pragma:allowlist secret",
                                                "pragma: allowlist-secret",
                                                "pragma:allowlist-secret"};

bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Where the mark stands as a word of its own.
std::size_t find_mark(std::string_view lines, std::string_view mark)
{
    for (auto at = lines.find(mark); at != std::string_view::npos; at = lines.find(mark, at + 1)) {
        const auto end = at + mark.size();
        const bool begins = at == 0 || !is_word(lines[at - 1]);
        const bool ends = end == lines.size() || (!is_word(lines[end]) && lines[end] != '-');
        if (begins && ends) {
            return at;
        }
    }
    return std::string_view::npos;
}

// What follows the mark, without what joins it to the mark or ends the comment.
std::string_view reason_behind(std::string_view text)
{
    constexpr std::size_t longest = 200;
    constexpr std::string_view padding = " \t\r:;,-=\"'*/>}#";
    text = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.find_first_not_of(" \t:;,-="), text.size()));
    text = text.substr(0, longest);
    return text.substr(0, text.find_last_not_of(padding) + 1);
}

}  // namespace

std::optional<std::string> inline_mark_in(std::string_view lines)
{
    auto first = std::string_view::npos;
    std::string_view found;
    for (const auto mark : marks) {
        if (const auto at = find_mark(lines, mark); at < first) {
            first = at;
            found = mark;
        }
    }
    if (found.empty()) {
        return std::nullopt;
    }
    std::string text(found);
    if (found == ours) {
        const auto reason = reason_behind(lines.substr(first + ours.size()));
        text += (reason.empty() ? "" : ": ") + std::string(reason);
    }
    return text;
}

std::string reason_of_mark(const std::string& mark)
{
    const auto prefix = std::string(ours) + ": ";
    return mark.starts_with(prefix) ? mark.substr(prefix.size()) : mark;
}

}  // namespace r8scan
