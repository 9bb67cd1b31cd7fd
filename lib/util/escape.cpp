// One walk over the characters serves all three rules; they differ in what they write for a byte that is not UTF-8 and
// for a character that is unsafe to show.
#include "util/escape.h"

#include <fmt/format.h>

#include <algorithm>

namespace r8scan {
namespace {

bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0U) == 0x80U;
}

/// "##vso[", "##[", "##teamcity[" and the like: build servers act on them wherever they stand in a line of a log.
bool begins_log_command(std::string_view text)
{
    if (!text.starts_with("##")) {
        return false;
    }
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto end = std::find_if_not(text.begin() + 2, text.end(), is_letter);
    return end != text.end() && *end == '[';
}

/// "::error …": a workflow command where it is the first thing on a line, blanks aside. Returns where it begins.
std::size_t workflow_command(std::string_view text)
{
    const auto is_ink = [](char c) { return c > ' ' && c <= '~'; };
    const auto first = std::find_if(text.begin(), text.end(), is_ink);
    const auto at = static_cast<std::size_t>(first - text.begin());
    return text.substr(at, 2) == "::" ? at : std::string_view::npos;
}

/// Calls plain(view), bad_byte(byte) and unsafe(code point, view) for each character in turn.
template <typename Plain, typename BadByte, typename Unsafe>
void for_each_character(std::string_view text, Plain plain, BadByte bad_byte, Unsafe unsafe)
{
    while (!text.empty()) {
        const DecodedCharacter character = decode_utf8(text);
        if (!character.valid) {
            bad_byte(static_cast<unsigned char>(text.front()));
        } else if (is_unsafe_to_show(character.code_point) || begins_log_command(text)) {
            unsafe(character.code_point, text.substr(0, character.length));
        } else {
            plain(text.substr(0, character.length));
        }
        text.remove_prefix(character.length);
    }
}

std::string hex_byte(unsigned byte)
{
    return fmt::format("\\x{:02x}", byte);
}

std::string terminal_escape(char32_t code_point)
{
    switch (code_point) {
        case U'\n':
            return "\\n";
        case U'\r':
            return "\\r";
        case U'\t':
            return "\\t";
        default:
            break;
    }
    const auto number = static_cast<std::uint32_t>(code_point);
    if (number < 0x80) {
        return hex_byte(number);
    }
    return number < 0x10000 ? fmt::format("\\u{:04x}", number) : fmt::format("\\U{:08x}", number);
}

std::string json_escape(char32_t code_point)
{
    const auto number = static_cast<std::uint32_t>(code_point);
    if (number < 0x10000) {
        return fmt::format("\\u{:04x}", number);
    }
    const std::uint32_t rest = number - 0x10000;  // a surrogate pair, RFC 8259 section 7
    return fmt::format("\\u{:04x}\\u{:04x}", 0xD800U + (rest >> 10U), 0xDC00U + (rest & 0x3FFU));
}

}  // namespace

DecodedCharacter decode_utf8(std::string_view text)
{
    if (text.empty()) {
        return {};
    }
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const DecodedCharacter bad{byte(0), 1, false};
    const unsigned char first = byte(0);
    if (first < 0x80) {
        return {first, 1, true};
    }
    std::size_t length = 0;
    char32_t code_point = 0;
    if (first >= 0xC2 && first <= 0xDF) {
        length = 2;
        code_point = first & 0x1FU;
    } else if (first >= 0xE0 && first <= 0xEF) {
        length = 3;
        code_point = first & 0x0FU;
    } else if (first >= 0xF0 && first <= 0xF4) {
        length = 4;
        code_point = first & 0x07U;
    } else {
        return bad;
    }
    if (text.size() < length) {
        return bad;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(byte(i))) {
            return bad;
        }
        code_point = (code_point << 6U) | (byte(i) & 0x3FU);
    }
    const bool overlong = (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
    const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    if (overlong || surrogate || code_point > 0x10FFFF) {
        return bad;
    }
    return {code_point, length, true};
}

bool is_unsafe_to_show(char32_t c)
{
    const auto within = [c](char32_t low, char32_t high) { return c >= low && c <= high; };
    return c < 0x20 || within(0x7F, 0x9F)            // C0, DEL, C1
           || c == 0xAD || c == 0x061C               // soft hyphen, Arabic letter mark
           || c == 0x200B || within(0x200E, 0x200F)  // zero-width space, direction marks (joiners are spelling)
           || within(0x2028, 0x202E)                 // line and paragraph separator, embeddings and overrides
           || within(0x2060, 0x206F)                 // word joiner, invisible operators, isolates
           || c == 0xFEFF || within(0xFFF9, 0xFFFB)  // byte order mark, interlinear annotation
           || within(0xE0000, 0xE007F);              // tags
}

std::string utf8_or_hex(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size());
    for_each_character(
        bytes, [&](std::string_view plain) { out += plain; }, [&](unsigned byte) { out += hex_byte(byte); },
        [&](char32_t, std::string_view raw) { out += raw; });
    return out;
}

std::string escape_for_terminal(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size());
    if (const std::size_t at = workflow_command(bytes); at != std::string_view::npos) {
        out = escape_for_terminal(bytes.substr(0, at)) + hex_byte(':');
        bytes.remove_prefix(at + 1);
    }
    for_each_character(
        bytes, [&](std::string_view plain) { out += plain; }, [&](unsigned byte) { out += hex_byte(byte); },
        [&](char32_t code_point, std::string_view) { out += terminal_escape(code_point); });
    return out;
}

std::string escape_json_text(std::string_view json)
{
    std::string out;
    out.reserve(json.size());
    for_each_character(
        json, [&](std::string_view plain) { out += plain; }, [&](unsigned) { out += "\\ufffd"; },
        [&](char32_t code_point, std::string_view) { out += json_escape(code_point); });
    return out;
}

}  // namespace r8scan
