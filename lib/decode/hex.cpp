#include "decode/hex.h"

#include <algorithm>
#include <string_view>

namespace r8scan::decode {

namespace {

constexpr std::size_t most_characters_a_pair = 8;  // `\` CR LF, indentation, 0x: on the average far less

int digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool may_stand(char c)
{
    constexpr std::string_view marks = " \t\r\n:,-\\xX";
    return digit(c) >= 0 || marks.find(c) != std::string_view::npos;
}

// Whether a run of digits that begins here is the 0 of "0x".
bool is_prefix(std::string_view text, std::size_t at, std::size_t end)
{
    return text[at] == '0' && at + 1 < end && (text[at + 1] == 'x' || text[at + 1] == 'X');
}

// A letter that is no hex digit, or the _ of a name.
bool is_word_letter(char c)
{
    return c == '_' || (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z');
}

// Whether the digits in [begin, end) are the part of a word, such as the end of "fluffed", and no pairs of a dump.
bool is_part_of_word(std::string_view text, std::size_t begin, std::size_t end)
{
    if (end < text.size() && is_word_letter(text[end])) {
        return true;
    }
    if (begin == 0 || !is_word_letter(text[begin - 1])) {
        return false;
    }
    const bool is_x = text[begin - 1] == 'x' || text[begin - 1] == 'X';
    const bool is_prefix = is_x && (begin == 1 || text[begin - 2] == '0' ||
                                    !(is_word_letter(text[begin - 2]) || digit(text[begin - 2]) >= 0));
    return !is_prefix;
}

}  // namespace

Decoded decode_hex_around(Bytes content, std::uint64_t at, bool odd)
{
    Decoded decoded;
    const auto text = as_text(content);
    auto begin = static_cast<std::size_t>(std::min<std::uint64_t>(at, text.size()));
    auto end = begin;
    const auto earliest = begin - std::min(begin, reach_before * most_characters_a_pair / 2);
    while (begin > earliest && may_stand(text[begin - 1])) {
        --begin;
    }
    decoded.cut_left = begin == earliest && begin > 0 && may_stand(text[begin - 1]);
    const auto latest = std::min(text.size(), end + reach_behind * most_characters_a_pair / 2);
    while (end < latest && may_stand(text[end])) {
        ++end;
    }
    decoded.cut_right = end == latest && end < text.size() && may_stand(text[end]);
    for (auto i = begin; i < end;) {
        if (digit(text[i]) < 0) {
            ++i;
            continue;
        }
        if (is_prefix(text, i, end)) {
            i += 2;
            continue;
        }
        auto run_end = i;
        while (run_end < end && digit(text[run_end]) >= 0 && !(run_end > i && is_prefix(text, run_end, end))) {
            ++run_end;
        }
        const bool holds_anchor = i <= at && at <= run_end;
        if (!holds_anchor && is_part_of_word(text, i, run_end)) {
            i = run_end;
            continue;
        }
        for (auto pair = i + (holds_anchor && odd ? 1U : 0U); pair + 1 < run_end; pair += 2) {
            decoded.add(static_cast<std::byte>(digit(text[pair]) * 16 + digit(text[pair + 1])), pair, pair + 2);
        }
        i = run_end;
    }
    return decoded;
}

}  // namespace r8scan::decode
