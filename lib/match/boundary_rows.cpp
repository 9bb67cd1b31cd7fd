#include "match/boundary_rows.h"

#include "match/boundary_characters.h"
#include "match/boundary_escapes.h"
#include "match/boundary_words.h"

#include <algorithm>
#include <array>

namespace r8scan {

namespace {

using namespace boundary;

constexpr std::size_t binary_sight = 64;
constexpr std::size_t prefix_sight = 8;   // how near to a length prefix a binary byte must stand: 0x28 is ( in text
constexpr std::size_t longest_run = 200;  // of base64url; longer ones are data

template <bool (*ends_so)(std::string_view)>
bool escape_before(const Neighbourhood& near)
{
    return ends_so(near.before);
}

// ---- Length prefixes

// The last bytes, and up to three more where the cut would part a UTF-8 sequence: without its beginning nobody could
// tell a part of a character from a stray byte.
std::string_view last_of(std::string_view text, std::size_t size)
{
    constexpr std::size_t longest_rest = 3;
    auto begin = text.size() - std::min(text.size(), size);
    for (std::size_t i = 0; i < longest_rest && begin > 0 && (text[begin] & 0xc0) == 0x80; ++i) {
        --begin;
    }
    return text.substr(begin);
}

bool binary_byte_near(std::string_view before)
{
    return has_binary_bytes(last_of(before, prefix_sight), false, false);
}

// The least bytes that hold the length: 28, and so 00 28, 00 00 00 28, 78 28 (CBOR) and d9 28 (MessagePack) too.
bool big_endian_length_before(const Neighbourhood& near)
{
    auto before = near.before;
    for (auto length = near.match.size(); length != 0; length >>= 8U) {
        if (before.empty() || static_cast<unsigned char>(before.back()) != (length & 0xffU)) {
            return false;
        }
        before.remove_suffix(1);
    }
    return binary_byte_near(near.before);
}

bool ends_in_little_endian(std::string_view before, std::size_t length, std::size_t width)
{
    if (before.size() < width) {
        return false;
    }
    for (const char byte : before.substr(before.size() - width)) {
        if (static_cast<unsigned char>(byte) != (length & 0xffU)) {
            return false;
        }
        length >>= 8U;
    }
    return length == 0;
}

bool little_endian_length_before(const Neighbourhood& near)
{
    constexpr std::array<std::size_t, 3> widths = {2, 4, 8};
    return std::any_of(
               widths.begin(), widths.end(),
               [&](std::size_t width) { return ends_in_little_endian(near.before, near.match.size(), width); }) &&
           binary_byte_near(near.before);
}

// ---- Characters

bool ends_in_alphanumeric(std::string_view text)
{
    return !text.empty() && is_alphanumeric(text.back());
}

bool begins_alphanumeric(std::string_view text)
{
    return !text.empty() && is_alphanumeric(text.front());
}

bool no_word_before(const Neighbourhood& near)
{
    return near.before.empty() || (!is_alphanumeric(near.before.back()) && near.before.back() != '_');
}

bool underscore_before(const Neighbourhood& near)
{
    return near.before.ends_with('_');
}

bool alphanumeric_before(const Neighbourhood& near)
{
    return ends_in_alphanumeric(near.before);
}

bool alphanumeric_before_in_binary(const Neighbourhood& near)
{
    return ends_in_alphanumeric(near.before) && near.binary();
}

bool dash_behind(const Neighbourhood& near)
{
    return near.after.starts_with('_') || near.after.starts_with('-');
}

bool no_word_behind(const Neighbourhood& near)
{
    return !begins_alphanumeric(near.after) && !dash_behind(near);
}

bool word_behind_dash(const Neighbourhood& near)
{
    return dash_behind(near) && begins_alphanumeric(near.after.substr(1));
}

bool alphanumeric_behind(const Neighbourhood& near)
{
    return begins_alphanumeric(near.after);
}

bool alphanumeric_behind_in_binary(const Neighbourhood& near)
{
    return begins_alphanumeric(near.after) && near.binary();
}

// ---- Runs of base64url around the match

bool in_long_run(const Neighbourhood& near)
{
    const auto beside = count_at_end(near.before, is_base64url) + count_at_begin(near.after, is_base64url);
    return beside != 0 && beside + near.match.size() > longest_run;
}

bool in_random_characters(const Neighbourhood& near)
{
    const bool dash_before = near.before.ends_with('_') || near.before.ends_with('-');
    return (dash_before && !are_words_before(near.before)) ||
           (dash_behind(near) && !are_words(near.after.substr(0, count_at_begin(near.after, is_base64url))));
}

// ---- The tables

constexpr std::array before_rows = {
    BoundaryRow{"length, big-endian", big_endian_length_before, Ruling::settled, ""},
    BoundaryRow{"length, little-endian", little_endian_length_before, Ruling::settled, ""},
    BoundaryRow{"start of data, or not [A-Za-z0-9_]", no_word_before, Ruling::fine, ""},
    BoundaryRow{"\\n and other letters", escape_before<ends_in_letter_escape>, Ruling::fine, ""},
    BoundaryRow{"\\NNN, \\0", escape_before<ends_in_octal>, Ruling::fine, ""},
    BoundaryRow{"\\xHH", escape_before<ends_in_x>, Ruling::fine, ""},
    BoundaryRow{"\\uHHHH", escape_before<ends_in_u>, Ruling::fine, ""},
    BoundaryRow{"\\UHHHHHHHH", escape_before<ends_in_long_u>, Ruling::fine, ""},
    BoundaryRow{"%HH", escape_before<ends_in_percent>, Ruling::fine, ""},
    BoundaryRow{"%25HH", escape_before<ends_in_nested_percent>, Ruling::fine, ""},
    BoundaryRow{"=HH", escape_before<ends_in_quoted_printable>, Ruling::fine, ""},
    BoundaryRow{"terminal escape sequence", escape_before<ends_in_terminal_sequence>, Ruling::fine, ""},
    BoundaryRow{"_", underscore_before, Ruling::medium, "an underscore stands before it"},
    BoundaryRow{"letter or digit in binary data", alphanumeric_before_in_binary, Ruling::low,
                "a letter or digit stands before it in binary data"},
    BoundaryRow{"letter or digit", alphanumeric_before, Ruling::no_token, "a letter or digit stands before it"},
};

constexpr std::array behind_rows = {
    BoundaryRow{"end of data, or not [A-Za-z0-9_-]", no_word_behind, Ruling::fine, ""},
    BoundaryRow{"_ or - then a letter or digit", word_behind_dash, Ruling::medium, "a word continues behind it"},
    BoundaryRow{"_ or - then something else", dash_behind, Ruling::fine, ""},
    BoundaryRow{"letter or digit in binary data", alphanumeric_behind_in_binary, Ruling::low,
                "a letter or digit stands behind it in binary data"},
    BoundaryRow{"letter or digit", alphanumeric_behind, Ruling::no_token, "a letter or digit stands behind it"},
};

constexpr std::array around_rows = {
    BoundaryRow{"more than 200 base64url characters", in_long_run, Ruling::low, "inside a long base64url run"},
    BoundaryRow{"- or _ then no words", in_random_characters, Ruling::low, "inside random base64url characters"},
};

// Length of the UTF-8 sequence at the beginning of the text (RFC 3629); 0 where it is none, and `cut` where the text
// ends too early to know.
constexpr std::size_t cut_sequence = 5;

std::size_t sequence_length(std::string_view text)
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = at(0);
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xc2 || lead > 0xf4) {
        return 0;
    }
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    // The second byte must not make the sequence overlong, a surrogate or larger than U+10FFFF.
    const unsigned least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    for (std::size_t i = 1; i < length; ++i) {
        if (i == text.size()) {
            return cut_sequence;
        }
        if (at(i) < (i == 1 ? least : 0x80U) || at(i) > (i == 1 ? most : 0xbfU)) {
            return 0;
        }
    }
    return length;
}

// But TAB, LF, FF, CR, BS and ESC, which stand in text.
bool is_control(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7f || (byte < 0x20 && std::string_view("\t\n\f\r\b\x1b").find(c) == std::string_view::npos);
}

}  // namespace

bool has_binary_bytes(std::string_view text, bool cut_before, bool cut_behind)
{
    constexpr std::size_t longest_rest = 3;
    if (cut_before) {
        const auto rest = count_at_begin(text.substr(0, longest_rest), [](char c) { return (c & 0xc0) == 0x80; });
        text.remove_prefix(rest);
    }
    while (!text.empty()) {
        const auto length = sequence_length(text);
        if (length == cut_sequence) {
            return !cut_behind;
        }
        if (length == 0 || is_control(text.front())) {
            return true;
        }
        text.remove_prefix(length);
    }
    return false;
}

bool Neighbourhood::binary() const
{
    return executable || has_binary_bytes(last_of(before, binary_sight), false, false) ||
           has_binary_bytes(after.substr(0, binary_sight), false, after.size() > binary_sight);
}

const BoundaryTables& boundary_tables()
{
    static constexpr BoundaryTables tables{before_rows, behind_rows, around_rows};
    return tables;
}

}  // namespace r8scan
