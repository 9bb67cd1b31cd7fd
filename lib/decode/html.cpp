#include "decode/html.h"

#include "decode/unescape.h"
#include "decode/utf8.h"

#include <array>
#include <utility>

namespace r8scan::decode {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> names = {{{"amp", "&"},
                                                                                  {"AMP", "&"},
                                                                                  {"lt", "<"},
                                                                                  {"gt", ">"},
                                                                                  {"quot", "\""},
                                                                                  {"apos", "'"},
                                                                                  {"lowbar", "_"},
                                                                                  {"UnderBar", "_"},
                                                                                  {"nbsp", "\xc2\xa0"},
                                                                                  {"Tab", "\t"},
                                                                                  {"NewLine", "\n"},
                                                                                  {"ZeroWidthSpace", ""},
                                                                                  {"shy", ""},
                                                                                  {"wbr", ""}}};
constexpr std::size_t longest = 16;

std::optional<std::uint32_t> number(std::string_view digits)
{
    const bool hex = !digits.empty() && (digits.front() == 'x' || digits.front() == 'X');
    if (hex) {
        digits.remove_prefix(1);
    }
    std::uint32_t code = 0;
    for (const char c : digits) {
        const auto value = hex_digit(c);
        if (value < 0 || (!hex && value > 9) || code > 0x10ffffU) {
            return std::nullopt;
        }
        code = code * (hex ? 16 : 10) + static_cast<std::uint32_t>(value);
    }
    return digits.empty() || code > 0x10ffffU ? std::nullopt : std::optional(code);
}

}  // namespace

Decoded decode_html_around(Bytes content, std::uint64_t at)
{
    return unescape_around(content, at, [](std::string_view text, std::size_t i) -> std::optional<Escape> {
        if (text[i] != '&') {
            return std::nullopt;
        }
        const auto end = text.substr(0, std::min(text.size(), i + longest)).find(';', i);
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        const auto name = text.substr(i + 1, end - i - 1);
        if (name.starts_with('#')) {
            const auto code = number(name.substr(1));
            return code ? std::optional(Escape{utf8(*code), end + 1 - i}) : std::nullopt;
        }
        for (const auto& [known, meaning] : names) {
            if (name == known) {
                return Escape{std::string(meaning), end + 1 - i};
            }
        }
        return std::nullopt;
    });
}

}  // namespace r8scan::decode
