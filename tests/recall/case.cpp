// Snippets, and lines and columns counted naively. See case.h.
#include "tests/recall/case.h"

#include <stdexcept>

namespace r8scan::test {
namespace {

constexpr std::string_view token_mark = "{token}";
constexpr std::string_view other_mark = "{other}";

struct LineAndColumn {
    std::uint64_t line = 1;
    std::uint64_t column = 1;
};

LineAndColumn count_to(std::string_view text, std::size_t offset)
{
    LineAndColumn at;
    std::size_t line_begin = 0;
    for (std::size_t i = 0; i < offset; ++i) {
        if (text[i] == '\n') {
            ++at.line;
            line_begin = i + 1;
        }
    }
    for (std::size_t i = line_begin; i < offset; i += code_point_size(text, i)) {
        ++at.column;
    }
    return at;
}

}  // namespace

std::size_t code_point_size(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) -> unsigned {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto tail = [&](std::size_t i, unsigned least = 0x80, unsigned most = 0xbf) {
        return byte(i) >= least && byte(i) <= most;
    };
    const unsigned lead = byte(at);
    if (lead >= 0xc2 && lead <= 0xdf && tail(at + 1)) {
        return 2;
    }
    if (lead >= 0xe0 && lead <= 0xef && tail(at + 1, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf) &&
        tail(at + 2)) {
        return 3;
    }
    if (lead >= 0xf0 && lead <= 0xf4 && tail(at + 1, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf) &&
        tail(at + 2) && tail(at + 3)) {
        return 4;
    }
    return 1;
}

Snippet around(std::string_view before, Snippet inner, std::string_view behind)
{
    inner.bytes.insert(0, before);
    inner.bytes += behind;
    inner.begin += before.size();
    inner.end += before.size();
    return inner;
}

Snippet filled(std::string_view form, std::string_view token, Rng& rng)
{
    Snippet snippet;
    bool seen = false;
    for (std::size_t i = 0; i < form.size();) {
        if (form.substr(i).starts_with(token_mark)) {
            snippet.begin = snippet.bytes.size();
            snippet.bytes += token;
            snippet.end = snippet.bytes.size();
            i += token_mark.size();
            seen = true;
        } else if (form.substr(i).starts_with(other_mark)) {
            snippet.bytes += random_token(rng);
            i += other_mark.size();
        } else {
            snippet.bytes += form[i++];
        }
    }
    if (!seen) {
        throw std::logic_error("no {token} in a form");
    }
    return snippet;
}

Snippet bare(std::string_view token)
{
    return {std::string(token), 0, token.size()};
}

Position position_of(const Snippet& snippet)
{
    const auto begin = count_to(snippet.bytes, snippet.begin);
    const auto end = count_to(snippet.bytes, snippet.end);
    return {begin.line, begin.column, end.line, end.column, snippet.begin};
}

}  // namespace r8scan::test
