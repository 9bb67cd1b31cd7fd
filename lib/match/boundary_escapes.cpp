#include "match/boundary_escapes.h"

#include "match/boundary_characters.h"

#include <algorithm>

namespace r8scan::boundary {

namespace {

using namespace std::string_view_literals;

bool ends_in_hex(std::string_view text, std::string_view introducer, std::size_t digits)
{
    return text.size() >= digits + introducer.size() &&
           count_at_end(text.substr(text.size() - digits), is_hex) == digits &&
           text.substr(0, text.size() - digits).ends_with(introducer);
}

// Letter case aside; the suffix is in lower case.
bool ends_with(std::string_view text, std::string_view suffix)
{
    return text.size() >= suffix.size() &&
           std::equal(suffix.rbegin(), suffix.rend(), text.rbegin(), [](char wanted, char c) {
               return wanted == (is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c);
           });
}

// ESC as it stands in files: the byte, the ways to write it, and what programs put in its place.
bool ends_in_esc(std::string_view text)
{
    constexpr std::array spellings = {"\x1b"sv,         "\\x1b"sv,  "\\033"sv,     "\\33"sv,        "\\u001b"sv,
                                      "\\u{1b}"sv,      "\\e"sv,    "\\u{001b}"sv, "\\u0000001b"sv, "^["sv,
                                      "%1b"sv,          "%251b"sv,  "=1b"sv,       "&#27;"sv,       "&#x1b;"sv,
                                      "\xef\xbf\xbd"sv, "\\ufffd"sv};
    return std::any_of(spellings.begin(), spellings.end(),
                       [&](std::string_view spelling) { return ends_with(text, spelling); });
}

}  // namespace

bool ends_in_letter_escape(std::string_view text)
{
    return text.size() >= 2 && text[text.size() - 2] == '\\' &&
           "ntrfvbae"sv.find(text.back()) != std::string_view::npos;
}

bool ends_in_octal(std::string_view text)
{
    const auto digits = count_at_end(text, [](char c) { return c >= '0' && c <= '7'; });
    return digits >= 1 && digits <= 3 && text.substr(0, text.size() - digits).ends_with('\\');
}

bool ends_in_x(std::string_view text)
{
    return ends_in_hex(text, "\\x", 2);
}

bool ends_in_u(std::string_view text)
{
    return ends_in_hex(text, "\\u", 4);
}

bool ends_in_long_u(std::string_view text)
{
    return ends_in_hex(text, "\\U", 8);
}

bool ends_in_percent(std::string_view text)
{
    return ends_in_hex(text, "%", 2);
}

// %22 whose percent sign was itself escaped, as often as one likes: %2522, %252522.
bool ends_in_nested_percent(std::string_view text)
{
    if (!ends_in_hex(text, "25", 2)) {
        return false;
    }
    text.remove_suffix(2);
    while (text.ends_with("25")) {
        text.remove_suffix(2);
    }
    return text.ends_with('%');
}

bool ends_in_quoted_printable(std::string_view text)
{
    return ends_in_hex(text, "=", 2);
}

// ESC [ parameters letter (ECMA-48 5.4), and ESC ( letter, by which `tput sgr0` ends.
bool ends_in_terminal_sequence(std::string_view text)
{
    if (text.empty() || !is_alphanumeric(text.back())) {
        return false;
    }
    const char final = text.back();
    text.remove_suffix(1);
    if (text.ends_with('(')) {
        text.remove_suffix(1);
        return ends_in_esc(text);
    }
    text.remove_suffix(count_at_end(text, [](char c) { return is_digit(c) || c == ';' || c == ':' || c == '?'; }));
    const auto bracket = text.ends_with('[') ? "["sv : "%5b"sv;
    if (is_digit(final) || !ends_with(text, bracket)) {
        return false;
    }
    text.remove_suffix(bracket.size());
    return ends_in_esc(text);
}

}  // namespace r8scan::boundary
