#include "decode/backslash.h"

#include "decode/unescape.h"
#include "decode/utf8.h"

namespace r8scan::decode {

namespace {

constexpr std::size_t most_backslashes = 64;

std::size_t backslashes(std::string_view text, std::size_t at)
{
    std::size_t count = 0;
    while (at + count < text.size() && count < most_backslashes && text[at + count] == '\\') {
        ++count;
    }
    return count;
}

bool is_mark(char c)
{
    return c > ' ' && c < 0x7f && !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
}

// "{72}" at `at`: the number, and the size with its braces.
std::optional<Escape> braced(std::string_view text, std::size_t at)
{
    constexpr std::size_t most_digits = 8;
    if (at >= text.size() || text[at] != '{') {
        return std::nullopt;
    }
    std::size_t digits = 0;
    while (digits <= most_digits && at + 1 + digits < text.size() && hex_digit(text[at + 1 + digits]) >= 0) {
        ++digits;
    }
    if (digits == 0 || digits > most_digits || at + 1 + digits >= text.size() || text[at + 1 + digits] != '}') {
        return std::nullopt;
    }
    const auto code = hex_number(text, at + 1, digits);
    return code && *code <= 0x10ffffU ? std::optional(Escape{utf8(*code), digits + 2}) : std::nullopt;
}

std::optional<Escape> numbered(std::string_view text, std::size_t at, std::size_t digits)
{
    const auto code = hex_number(text, at, digits);
    return code && *code <= 0x10ffffU ? std::optional(Escape{utf8(*code), digits}) : std::nullopt;
}

std::optional<Escape> octal(std::string_view text, std::size_t at)
{
    std::uint32_t value = 0;
    std::size_t digits = 0;
    const auto take = [&](std::size_t most) {
        while (digits < most && at + digits < text.size() && text[at + digits] >= '0' && text[at + digits] <= '7') {
            value = value * 8 + static_cast<std::uint32_t>(text[at + digits] - '0');
            ++digits;
        }
    };
    // Three digits in C, JavaScript and Python; echo and printf of a shell take three behind a zero.
    take(3);
    if (text[at] == '0' && digits == 3 && value < 0x20U) {
        take(4);
    }
    return digits >= 2 && value <= 0xffU ? std::optional(Escape{{static_cast<char>(value)}, digits}) : std::nullopt;
}

// The escape behind the backslashes; its size does not count them.
std::optional<Escape> named(std::string_view text, std::size_t at)
{
    const auto sized = [](std::optional<Escape> escape) {
        if (escape) {
            ++escape->size;  // the letter
        }
        return escape;
    };
    switch (text[at]) {
        case 'x': {
            auto escape = braced(text, at + 1);
            return sized(escape ? escape : numbered(text, at + 1, 2));
        }
        case 'u': {
            auto escape = braced(text, at + 1);
            return sized(escape ? escape : numbered(text, at + 1, 4));
        }
        case 'U':
            return sized(numbered(text, at + 1, 8));
        case 'n':
            return Escape{"\n", 1};
        case 't':
            return Escape{"\t", 1};
        case 'r':
            return Escape{"\r", 1};
        default:
            break;
    }
    if (text[at] >= '0' && text[at] <= '7') {
        return octal(text, at);
    }
    return is_mark(text[at]) ? std::optional(Escape{{text[at]}, 1}) : std::nullopt;
}

}  // namespace

Decoded decode_escapes_around(Bytes content, std::uint64_t at)
{
    return unescape_around(content, at, [](std::string_view text, std::size_t i) -> std::optional<Escape> {
        const auto count = backslashes(text, i);
        if (count == 0 || i + count >= text.size()) {
            return std::nullopt;
        }
        auto escape = named(text, i + count);
        if (escape) {
            escape->size += count;
        }
        return escape;
    });
}

Decoded decode_backslash_around(Bytes content, std::uint64_t at)
{
    return unescape_around(content, at, [](std::string_view text, std::size_t i) -> std::optional<Escape> {
        const auto count = backslashes(text, i);
        if (count == 0 || i + count >= text.size() || !is_mark(text[i + count])) {
            return std::nullopt;
        }
        return Escape{{text[i + count]}, count + 1};
    });
}

}  // namespace r8scan::decode
