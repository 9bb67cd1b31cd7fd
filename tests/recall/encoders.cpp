// Encoders that keep track of a token. See encoders.h.
#include "tests/recall/encoders.h"

#include <algorithm>
#include <stdexcept>

namespace r8scan::test {
namespace {

// Puts characters out one by one and notes where those that belong to the token begin and end.
class Writer {
public:
    void put(std::string_view text, bool of_token)
    {
        if (of_token && !m_begun) {
            m_out.begin = m_out.bytes.size();
            m_begun = true;
        }
        m_out.bytes += text;
        if (of_token) {
            m_out.end = m_out.bytes.size();
        }
    }
    Snippet take() { return std::move(m_out); }
    [[nodiscard]] std::size_t size() const { return m_out.bytes.size(); }

private:
    Snippet m_out;
    bool m_begun = false;
};

bool of_token(const Snippet& snippet, std::size_t at)
{
    return at >= snippet.begin && at < snippet.end;
}

std::string digits_of(unsigned value, unsigned base, std::size_t least, bool upper)
{
    const std::string_view alphabet = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string digits;
    do {
        digits += alphabet[value % base];
        value /= base;
    } while (value != 0 || digits.size() < least);
    std::reverse(digits.begin(), digits.end());
    return digits;
}

std::vector<bool> chosen(Part part, std::size_t size, Rng& rng)
{
    std::vector<bool> mask(size, part == Part::whole || part == Part::everything);
    const auto set = [&](std::size_t from, std::size_t to) {
        std::fill(mask.begin() + static_cast<std::ptrdiff_t>(from), mask.begin() + static_cast<std::ptrdiff_t>(to),
                  true);
    };
    switch (part) {
        case Part::head:
            set(0, 3);
            break;
        case Part::underscore:
            set(2, 3);
            break;
        case Part::first:
            set(0, 1);
            break;
        case Part::last:
            set(size - 1, size);
            break;
        case Part::body:
            set(3, size);
            break;
        case Part::one:
            mask[rng.below(size)] = true;
            break;
        case Part::some:
            do {
                for (std::size_t i = 0; i < size; ++i) {
                    mask[i] = rng.chance(30);
                }
            } while (std::find(mask.begin(), mask.end(), true) == mask.end());
            break;
        default:
            break;
    }
    return mask;
}

std::uint32_t code_point(std::string_view text, std::size_t at, std::size_t size)
{
    const auto byte = [&](std::size_t i) -> std::uint32_t { return static_cast<unsigned char>(text[at + i]); };
    if (size == 1) {
        if (byte(0) >= 0x80) {
            throw std::logic_error("wide text is made from UTF-8 only");
        }
        return byte(0);
    }
    std::uint32_t code = byte(0) & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        code = (code << 6U) | (byte(i) & 0x3fU);
    }
    return code;
}

std::string unit(std::uint32_t value, const WideStyle& style)
{
    std::string bytes;
    for (std::size_t i = 0; i < style.unit; ++i) {
        const auto shift = 8 * (style.big_endian ? style.unit - 1 - i : i);
        bytes += static_cast<char>((value >> shift) & 0xffU);
    }
    return bytes;
}

}  // namespace

Snippet base64_of(const Snippet& plain, const Base64Style& style)
{
    constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    constexpr std::string_view url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const auto bit = [&](std::size_t at) -> unsigned {
        const unsigned byte = at / 8 < plain.bytes.size() ? static_cast<unsigned char>(plain.bytes[at / 8]) : 0U;
        return (byte >> (7 - at % 8)) & 1U;
    };
    Writer out;
    const auto characters = (plain.bytes.size() * 8 + 5) / 6;
    const auto written = style.padded ? (characters + 3) / 4 * 4 : characters;
    for (std::size_t i = 0; i < written; ++i) {
        if (style.width != 0 && i != 0 && i % style.width == 0) {
            out.put(style.line_break, false);
        }
        if (i >= characters) {
            out.put("=", false);
            continue;
        }
        unsigned value = 0;
        for (std::size_t b = 6 * i; b < 6 * i + 6; ++b) {
            value = (value << 1U) | bit(b);
        }
        const bool carries = 6 * i + 5 >= 8 * plain.begin && 6 * i < 8 * plain.end;
        out.put((style.url ? url : standard).substr(value, 1), carries);
    }
    return out.take();
}

Snippet wide_of(const Snippet& plain, const WideStyle& style)
{
    Writer out;
    for (std::size_t i = 0; i < plain.bytes.size();) {
        const auto size = code_point_size(plain.bytes, i);
        const auto code = code_point(plain.bytes, i, size);
        if (style.unit == 2 && code >= 0x10000) {
            out.put(unit(0xd800 + ((code - 0x10000) >> 10U), style), of_token(plain, i));
            out.put(unit(0xdc00 + ((code - 0x10000) & 0x3ffU), style), of_token(plain, i));
        } else {
            out.put(unit(code, style), of_token(plain, i));
        }
        i += size;
    }
    return out.take();
}

Snippet hex_of(const Snippet& plain, const HexStyle& style)
{
    Writer out;
    for (std::size_t i = 0; i < plain.bytes.size(); ++i) {
        if (i != 0) {
            out.put(style.width != 0 && i % style.width == 0 ? style.between_lines : style.between, false);
        }
        out.put(digits_of(static_cast<unsigned char>(plain.bytes[i]), 16, 2, style.upper), of_token(plain, i));
    }
    return out.take();
}

const char* to_string(Part part)
{
    switch (part) {
        case Part::whole:
            return "whole";
        case Part::everything:
            return "with its surroundings";
        case Part::head:
            return "its head";
        case Part::underscore:
            return "its underscore";
        case Part::first:
            return "its first character";
        case Part::last:
            return "its last character";
        case Part::body:
            return "its body";
        case Part::some:
            return "some characters";
        case Part::one:
            return "one character";
    }
    return "?";
}

Snippet escaped(const Snippet& plain, Part part, const WriteCharacter& write, Rng& rng)
{
    const auto mask = chosen(part, plain.end - plain.begin, rng);
    Writer out;
    for (std::size_t i = 0; i < plain.bytes.size(); ++i) {
        const bool escapes = of_token(plain, i) ? mask[i - plain.begin] : part == Part::everything;
        out.put(escapes ? write(plain.bytes[i]) : plain.bytes.substr(i, 1), of_token(plain, i));
    }
    return out.take();
}

Snippet parted(const Snippet& plain, const std::vector<std::size_t>& before, std::string_view joint)
{
    Writer out;
    for (std::size_t i = 0; i < plain.bytes.size(); ++i) {
        if (of_token(plain, i) && std::find(before.begin(), before.end(), i - plain.begin) != before.end()) {
            out.put(joint, false);
        }
        out.put(plain.bytes.substr(i, 1), of_token(plain, i));
    }
    return out.take();
}

Snippet quoted_printable_of(const Snippet& plain, std::size_t width, std::string_view line_break)
{
    Writer out;
    std::size_t line_begin = 0;
    for (std::size_t i = 0; i < plain.bytes.size(); ++i) {
        const char c = plain.bytes[i];
        if (c == '\n') {
            out.put(line_break, false);
            line_begin = out.size();
            continue;
        }
        const bool printable = c >= ' ' && c <= '~' && c != '=';
        const auto written =
            printable ? std::string(1, c) : '=' + digits_of(static_cast<unsigned char>(c), 16, 2, true);
        const bool ends_line = i + 1 == plain.bytes.size() || plain.bytes[i + 1] == '\n';
        if (out.size() - line_begin + written.size() + (ends_line ? 0 : 1) > width) {
            out.put("=", false);
            out.put(line_break, false);
            line_begin = out.size();
        }
        out.put(written, of_token(plain, i));
    }
    return out.take();
}

WriteCharacter numbered(std::string prefix, unsigned base, std::size_t digits, std::string suffix, bool upper)
{
    return [=](char c) { return prefix + digits_of(static_cast<unsigned char>(c), base, digits, upper) + suffix; };
}

}  // namespace r8scan::test
