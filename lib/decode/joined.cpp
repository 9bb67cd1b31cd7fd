#include "decode/joined.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace r8scan::decode {

namespace {

constexpr std::size_t longest_joint = 256;
constexpr std::size_t longest_word = 512;

bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

bool is_quote(char c)
{
    return c == '"' || c == '\'' || c == '`';
}

std::size_t skip(std::string_view text, std::size_t at, std::string_view characters)
{
    while (at < text.size() && characters.find(text[at]) != std::string_view::npos) {
        ++at;
    }
    return at;
}

// Size of the operator that joins strings at `at`: + of most languages, . of PHP and Perl, .. of Lua, & of Basic, <> of
// Elixir, || of SQL, ~ of Raku, ++ of Haskell and Erlang. 0 where none stands.
std::size_t joining_operator(std::string_view text)
{
    constexpr std::array<std::string_view, 8> operators = {"++", "+", "..", ".", "&", "<>", "||", "~"};
    for (const auto one : operators) {
        if (text.starts_with(one)) {
            return one.size();
        }
    }
    return 0;
}

// Blanks, line breaks and what continues a line: \ of C and Python, _ of Basic, ` of PowerShell.
std::size_t skip_between(std::string_view text, std::size_t at)
{
    for (;;) {
        const auto before = at;
        at = skip(text, at, " \t\r\n");
        if (at < text.size() && std::string_view("\\_`").find(text[at]) != std::string_view::npos) {
            const auto behind = skip(text, at + 1, " \t\r");
            if (behind < text.size() && text[behind] == '\n') {
                at = behind + 1;
            }
        }
        if (at == before) {
            return at;
        }
    }
}

// A backslash at the end of a line inside a literal: the size of it, the break and the indentation.
std::size_t continuation(std::string_view text)
{
    auto at = skip(text, 0, "\\");
    if (at == 0) {
        return 0;
    }
    const auto line_end = skip(text, at, "\r");
    if (line_end >= text.size() || text[line_end] != '\n') {
        return 0;
    }
    return skip(text, line_end + 1, " \t");
}

// Size of the joint at the beginning of text: a closing quote, perhaps an operator, an opening quote.
std::size_t joint(std::string_view text)
{
    text = text.substr(0, longest_joint);
    if (const auto size = continuation(text); size != 0) {
        return size;
    }
    auto at = skip(text, 0, "\\");
    if (at >= text.size() || !is_quote(text[at])) {
        return 0;
    }
    at = skip_between(text, at + 1);
    if (const auto size = joining_operator(text.substr(std::min(at, text.size()))); size != 0) {
        at = skip_between(text, at + size);
    }
    // A prefix of the second literal: f"…", b'…', u8"…".
    const auto prefix = skip(text, at, "fFbBuUrRL8@$");
    if (prefix - at <= 2) {
        at = prefix;
    }
    at = skip(text, at, "\\");
    return at < text.size() && is_quote(text[at]) ? at + 1 : 0;
}

}  // namespace

Decoded join_literals(Bytes content, std::uint64_t begin, std::size_t least)
{
    struct Piece {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    const auto text = as_text(content);
    std::vector<Piece> pieces;
    std::size_t length = 0;
    auto at = static_cast<std::size_t>(begin);
    while (length < longest_word) {
        const auto piece = at;
        while (at < text.size() && is_word(text[at]) && length < longest_word) {
            ++at;
            ++length;
        }
        pieces.push_back({piece, at});
        const auto size = at < text.size() ? joint(text.substr(at)) : 0;
        if (size == 0) {
            break;
        }
        at += size;
    }
    Decoded decoded;
    if (pieces.size() < 2 || length < least) {
        return decoded;
    }
    const auto add = [&](std::size_t from, std::size_t to) {
        for (auto i = from; i < to; ++i) {
            decoded.add(content[i], i, i + 1);
        }
    };
    const auto first = pieces.front().begin;
    const auto context = std::min(first, reach_before);
    decoded.cut_left = context < first;
    add(first - context, first);
    for (const auto& piece : pieces) {
        add(piece.begin, piece.end);
    }
    const auto behind = std::min(text.size(), at + reach_before);
    add(at, behind);
    decoded.cut_right = behind < text.size();
    return decoded;
}

}  // namespace r8scan::decode
