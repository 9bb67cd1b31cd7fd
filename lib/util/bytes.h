// Views of content and the few conversions that every reader of a binary format needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace r8scan {

/// Content of a file or object. The owner is whoever handed it out; the comment there says how long it lives.
using Bytes = std::span<const std::byte>;

inline std::string_view as_text(Bytes bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes as_bytes(std::string_view text)
{
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

/// Big-endian numbers, as git stores them. The caller has checked that the bytes are there.
inline std::uint32_t read_be32(const std::byte* at)
{
    std::uint32_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return __builtin_bswap32(value);
}

inline std::uint64_t read_be64(const std::byte* at)
{
    std::uint64_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return __builtin_bswap64(value);
}

/// Lower-case hex digits of the bytes.
inline std::string to_hex(Bytes bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(bytes.size() * 2, '0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = std::to_integer<unsigned>(bytes[i]);
        text[2 * i] = digits[byte >> 4U];
        text[2 * i + 1] = digits[byte & 15U];
    }
    return text;
}

}  // namespace r8scan
