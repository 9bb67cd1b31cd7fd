#include "decode/wide.h"

#include "decode/utf8.h"

#include <optional>

namespace r8scan::decode {

namespace {

struct Character {
    std::uint32_t code = 0;
    std::size_t size = 0;
};

std::uint32_t unit_at(Bytes content, std::size_t at, WideForm form)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < form.unit; ++i) {
        const auto place = form.big_endian ? at + i : at + form.unit - 1 - i;
        value = (value << 8U) | std::to_integer<std::uint32_t>(content[place]);
    }
    return value;
}

bool is_first_half(std::uint32_t unit)
{
    return (unit & 0xfffffc00U) == 0xd800U;
}

bool is_second_half(std::uint32_t unit)
{
    return (unit & 0xfffffc00U) == 0xdc00U;
}

std::optional<Character> character_at(Bytes content, std::size_t at, WideForm form)
{
    if (at + form.unit > content.size()) {
        return std::nullopt;
    }
    const auto unit = unit_at(content, at, form);
    if (form.unit == 2 && is_first_half(unit) && at + 4 <= content.size()) {
        const auto second = unit_at(content, at + 2, form);
        if (is_second_half(second)) {
            return Character{0x10000U + ((unit & 0x3ffU) << 10U) + (second & 0x3ffU), 4};
        }
    }
    // Half a pair is no character, but goes through as one: it is a neighbour like any other.
    return unit > 0x10ffffU ? std::nullopt : std::optional(Character{unit, form.unit});
}

}  // namespace

Decoded decode_wide_around(Bytes content, std::uint64_t at, WideForm form)
{
    Decoded decoded;
    const auto place = static_cast<std::size_t>(at);
    auto begin = place;
    while (begin >= form.unit && place - begin < reach_before * form.unit &&
           character_at(content, begin - form.unit, form)) {
        begin -= form.unit;
    }
    decoded.cut_left = begin >= form.unit && character_at(content, begin - form.unit, form).has_value();
    std::size_t behind = 0;
    for (auto i = begin;;) {
        const auto character = character_at(content, i, form);
        if (!character) {
            break;
        }
        if (behind > reach_behind) {
            decoded.cut_right = true;
            break;
        }
        for (const char c : utf8(character->code)) {
            decoded.add(static_cast<std::byte>(c), i, i + character->size);
        }
        behind += i > place ? 1U : 0U;
        i += character->size;
    }
    return decoded;
}

}  // namespace r8scan::decode
