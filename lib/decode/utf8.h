// One code point in UTF-8.
#pragma once

#include <cstdint>
#include <string>

namespace r8scan::decode {

/// One to four bytes. Halves of surrogate pairs are written as if they were characters: they are nobody's neighbour
/// otherwise.
inline std::string utf8(std::uint32_t code)
{
    const auto tail = [&](unsigned shift) { return static_cast<char>(0x80U | ((code >> shift) & 0x3fU)); };
    if (code < 0x80U) {
        return {static_cast<char>(code)};
    }
    if (code < 0x800U) {
        return {static_cast<char>(0xc0U | (code >> 6U)), tail(0)};
    }
    if (code < 0x10000U) {
        return {static_cast<char>(0xe0U | (code >> 12U)), tail(6), tail(0)};
    }
    return {static_cast<char>(0xf0U | (code >> 18U)), tail(12), tail(6), tail(0)};
}

}  // namespace r8scan::decode
