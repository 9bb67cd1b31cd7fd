// Kinds of characters, and how many of a kind stand at an edge of a text. ASCII only, whatever the locale.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace r8scan::boundary {

inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

inline bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

inline bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

inline bool is_alphanumeric(char c)
{
    return is_digit(c) || is_lower(c) || is_upper(c);
}

inline bool is_base64url(char c)
{
    return is_alphanumeric(c) || c == '-' || c == '_';
}

inline bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

inline bool is_lower_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

/// How many characters at the end of the text are of the kind.
template <typename Kind>
std::size_t count_at_end(std::string_view text, Kind kind)
{
    return static_cast<std::size_t>(std::find_if_not(text.rbegin(), text.rend(), kind) - text.rbegin());
}

/// How many characters at the beginning of the text are of the kind.
template <typename Kind>
std::size_t count_at_begin(std::string_view text, Kind kind)
{
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), kind) - text.begin());
}

}  // namespace r8scan::boundary
