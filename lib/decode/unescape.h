// What the decoders of escapes have in common: they go forward through text and put a character in the place of each
// escape. Where in an escape the walk may have begun does not matter: it begins far before the anchor.
#pragma once

#include "decode/decoded.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace r8scan::decode {

/// What an escape stands for, and how many characters it takes. The text may be empty (a soft line break).
struct Escape {
    std::string text;
    std::size_t size = 0;
};

/// Decodes the text around `at`. `read(text, i)` gives the escape that begins at i, if one does.
template <typename Read>
Decoded unescape_around(Bytes content, std::uint64_t at, Read&& read)
{
    Decoded decoded;
    const auto text = as_text(content);
    constexpr std::size_t widest = 12;  // characters of an escape, as a rule
    const auto place = static_cast<std::size_t>(std::min<std::uint64_t>(at, text.size()));
    auto i = place - std::min(place, reach_before);
    decoded.cut_left = i > 0;
    const auto end = std::min(text.size(), place + reach_behind);
    for (; i < end;) {
        if (const std::optional<Escape> escape = read(text, i)) {
            for (const char c : escape->text) {
                decoded.add(static_cast<std::byte>(c), i, i + escape->size);
            }
            i += escape->size;
        } else {
            decoded.add(content[i], i, i + 1);
            ++i;
        }
    }
    decoded.cut_right = i + widest < text.size();
    return decoded;
}

/// The value of a hex digit, or -1.
constexpr int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The number that `count` hex digits at `at` make, if that many stand there.
inline std::optional<std::uint32_t> hex_number(std::string_view text, std::size_t at, std::size_t count)
{
    if (at + count > text.size()) {
        return std::nullopt;
    }
    std::uint32_t number = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (hex_digit(text[i]) < 0) {
            return std::nullopt;
        }
        number = (number << 4U) | static_cast<std::uint32_t>(hex_digit(text[i]));
    }
    return number;
}

}  // namespace r8scan::decode
