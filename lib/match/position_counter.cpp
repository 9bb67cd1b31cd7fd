#include "match/position_counter.h"

namespace r8scan {

namespace {

// Length of the UTF-8 sequence that begins at `at`; 1 for a byte that begins none.
std::size_t sequence_length(std::string_view text, std::size_t at)
{
    const auto byte = static_cast<unsigned char>(text[at]);
    std::size_t length = 1;
    if (byte >= 0xc2 && byte <= 0xdf) {
        length = 2;
    } else if (byte >= 0xe0 && byte <= 0xef) {
        length = 3;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
        length = 4;
    }
    // The second byte's range is narrower where the form would be too long, a surrogate, or beyond the last code point.
    if (length > 2 && at + 1 < text.size()) {
        const auto second = static_cast<unsigned char>(text[at + 1]);
        if ((byte == 0xe0 && second < 0xa0) || (byte == 0xed && second > 0x9f) || (byte == 0xf0 && second < 0x90) ||
            (byte == 0xf4 && second > 0x8f)) {
            return 1;
        }
    }
    for (std::size_t i = 1; i < length; ++i) {
        if (at + i >= text.size() || (static_cast<unsigned char>(text[at + i]) & 0xc0U) != 0x80U) {
            return 1;
        }
    }
    return length;
}

}  // namespace

void PositionCounter::advance(Bytes content, std::uint64_t content_begin, std::uint64_t offset)
{
    const auto text = as_text(content);
    auto at = static_cast<std::size_t>(m_offset - content_begin);
    const auto end = static_cast<std::size_t>(offset - content_begin);
    // Whole lines are skipped by memchr; only the last one is counted character by character.
    for (;;) {
        const auto newline = text.substr(0, end).find('\n', at);
        if (newline == std::string_view::npos) {
            break;
        }
        at = newline + 1;
        ++m_line;
        m_column = 1;
    }
    while (at < end) {
        at += sequence_length(text, at);
        ++m_column;
    }
    m_offset = content_begin + at;
}

Position wide_position(Bytes content, std::uint64_t begin, std::uint64_t end, std::size_t unit, bool big_endian)
{
    const auto character = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < unit; ++i) {
            const auto byte = std::to_integer<std::uint32_t>(content[big_endian ? at + i : at + unit - 1 - i]);
            value = (value << 8U) | byte;
        }
        return value;
    };
    Position position;
    position.offset = begin;
    std::uint64_t line = 1;
    std::uint64_t column = 1;
    std::size_t at = begin % unit;
    const auto go_to = [&](std::uint64_t offset) {
        for (; at + unit <= offset && at + unit <= content.size(); at += unit) {
            const auto value = character(at);
            if (value == '\n') {
                ++line;
                column = 1;
            } else if (unit != 2 || (value & 0xfc00U) != 0xdc00U) {  // the second half of a pair is no character
                ++column;
            }
        }
    };
    go_to(begin);
    position.line = line;
    position.column = column;
    go_to(end);
    position.end_line = line;
    position.end_column = column;
    return position;
}

}  // namespace r8scan
