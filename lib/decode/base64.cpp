#include "decode/base64.h"

#include <algorithm>
#include <array>

namespace r8scan::decode {

namespace {

constexpr std::uint8_t no_value = 0xff;

constexpr std::array<std::uint8_t, 256> make_values()
{
    std::array<std::uint8_t, 256> values{};
    values.fill(no_value);
    constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::uint8_t i = 0; i < 64; ++i) {
        values[static_cast<unsigned char>(alphabet[i])] = i;
    }
    values['-'] = 62;
    values['_'] = 63;
    return values;
}
constexpr auto values = make_values();

std::uint8_t value_at(std::string_view text, std::size_t at)
{
    return values[static_cast<unsigned char>(text[at])];
}

bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

// How many bytes at `at` belong to a line break (with the indentation behind it) or are the backslash of "\/".
std::size_t skippable(std::string_view text, std::size_t at)
{
    const auto begin = at;
    for (;;) {
        const auto before = at;
        // Blanks at a line's end belong to the break: going left they are passed over too.
        auto line_end = at;
        while (line_end < text.size() && is_blank(text[line_end])) {
            ++line_end;
        }
        at = line_end < text.size() && (text[line_end] == '\r' || text[line_end] == '\n') ? line_end : at;
        while (at < text.size() && (text[at] == '\r' || text[at] == '\n')) {
            ++at;
        }
        // Written: \n, \r\n, with any number of backslashes.
        auto behind = at;
        while (behind < text.size() && text[behind] == '\\') {
            ++behind;
        }
        if (behind > at && behind < text.size()) {
            if (text[behind] == 'n' || text[behind] == 'r') {
                at = behind + 1;
            } else if (text[behind] == '/') {
                at = behind;
            }
        }
        if (at == before) {
            break;
        }
        while (at < text.size() && is_blank(text[at])) {
            ++at;
        }
    }
    return at - begin;
}

// The character before `at`, over line breaks; npos where the base64 begins here.
std::size_t previous(std::string_view text, std::size_t at)
{
    std::size_t i = at;
    while (i > 0 && is_blank(text[i - 1])) {
        --i;
    }
    const auto blanks = at - i;
    bool broken = false;
    for (;;) {
        if (i > 0 && (text[i - 1] == '\n' || text[i - 1] == '\r')) {
            --i;
        } else if (i > 1 && (text[i - 1] == 'n' || text[i - 1] == 'r') && text[i - 2] == '\\') {
            i -= 2;
            while (i > 0 && text[i - 1] == '\\') {
                --i;
            }
        } else {
            break;
        }
        broken = true;
        while (i > 0 && is_blank(text[i - 1])) {
            --i;
        }
    }
    if (blanks > 0 && !broken) {
        return std::string_view::npos;
    }
    while (!broken && i > 0 && text[i - 1] == '\\' && at < text.size() && text[at] == '/') {
        --i;
    }
    return i > 0 && value_at(text, i - 1) != no_value ? i - 1 : std::string_view::npos;
}

std::size_t next(std::string_view text, std::size_t at)
{
    const auto to = at + 1 + skippable(text, at + 1);
    return to < text.size() && value_at(text, to) != no_value ? to : std::string_view::npos;
}

// Puts groups of four characters together.
class Group {
public:
    // Bytes that are complete with this character.
    void add(std::uint8_t value, std::uint64_t at, Decoded& out)
    {
        const auto begin = m_count == 0 ? at : m_last;
        m_bits = (m_bits << 6U) | value;
        ++m_count;
        if (m_count > 1) {
            out.add(static_cast<std::byte>((m_bits >> (2 * (4 - m_count))) & 0xffU), begin, at + 1);
        }
        m_last = at;
        if (m_count == 4) {
            m_count = 0;
            m_bits = 0;
        }
    }

private:
    std::uint32_t m_bits = 0;
    unsigned m_count = 0;
    std::uint64_t m_last = 0;
};

}  // namespace

Decoded decode_base64_around(Bytes content, std::uint64_t at, unsigned phase)
{
    Decoded decoded;
    const auto text = as_text(content);
    if (at >= text.size() || value_at(text, at) == no_value) {
        return decoded;
    }
    // The characters to the left, nearest first, then those that begin whole groups.
    std::vector<std::size_t> places = {static_cast<std::size_t>(at)};
    while (places.size() <= reach_before / 3 * 4) {
        const auto before = previous(text, places.back());
        if (before == std::string_view::npos) {
            break;
        }
        places.push_back(before);
    }
    decoded.joins_lines = true;
    decoded.cut_left = places.size() > reach_before / 3 * 4;
    std::reverse(places.begin(), places.end());
    const auto number = places.size() - 1;  // of `at`
    const auto start = (number + 4 - phase) % 4;
    std::size_t first = std::string_view::npos;
    if (start < places.size()) {
        first = places[start];
    } else {
        first = places.back();
        for (auto i = places.size() - 1; i < start && first != std::string_view::npos; ++i) {
            first = next(text, first);
        }
    }
    Group group;
    for (auto i = first; i != std::string_view::npos; i = next(text, i)) {
        if (i > at && decoded.bytes.size() >= places.size() / 4 * 3 + reach_behind) {
            decoded.cut_right = true;
            break;
        }
        group.add(value_at(text, i), i, decoded);
    }
    return decoded;
}

DecodedRun decode_base64_from(Bytes content, std::uint64_t begin, std::uint64_t most)
{
    DecodedRun run;
    const auto text = as_text(content);
    std::uint32_t bits = 0;
    unsigned count = 0;
    auto i = static_cast<std::size_t>(begin);
    if (i >= text.size() || value_at(text, i) == no_value) {
        i = std::string_view::npos;
    }
    run.end = begin;
    for (; i != std::string_view::npos; i = next(text, i)) {
        run.end = i + 1;
        bits = (bits << 6U) | value_at(text, i);
        if (++count == 4) {
            for (const unsigned shift : {16U, 8U, 0U}) {
                run.bytes.push_back(static_cast<std::byte>((bits >> shift) & 0xffU));
            }
            count = 0;
            bits = 0;
            if (run.bytes.size() > most) {
                run.bytes.resize(most);
                run.cut = true;
                return run;
            }
        }
    }
    if (count >= 2) {
        run.bytes.push_back(static_cast<std::byte>((bits >> (6 * count - 8)) & 0xffU));
    }
    if (count == 3) {
        run.bytes.push_back(static_cast<std::byte>((bits >> 2U) & 0xffU));
    }
    if (run.bytes.size() > most) {
        run.bytes.resize(most);
        run.cut = true;
    }
    return run;
}

}  // namespace r8scan::decode
