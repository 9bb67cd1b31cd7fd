// memcpy for pieces that are mostly a few bytes long, as those of deltas are: two overlapping moves of a fixed size
// instead of a call. Reads and writes exactly `size` bytes.
#pragma once

#include <cstddef>
#include <cstring>

namespace r8scan {

template <std::size_t Width>
inline void copy_ends(std::byte* to, const std::byte* from, std::size_t size)
{
    std::byte first[Width];
    std::byte last[Width];
    std::memcpy(first, from, Width);
    std::memcpy(last, from + size - Width, Width);
    std::memcpy(to, first, Width);
    std::memcpy(to + size - Width, last, Width);
}

inline void copy_bytes(std::byte* to, const std::byte* from, std::size_t size)
{
    if (size > 32) {
        std::memcpy(to, from, size);
    } else if (size >= 16) {
        copy_ends<16>(to, from, size);
    } else if (size >= 8) {
        copy_ends<8>(to, from, size);
    } else if (size >= 4) {
        copy_ends<4>(to, from, size);
    } else if (size >= 2) {
        copy_ends<2>(to, from, size);
    } else if (size == 1) {
        *to = *from;
    }
}

}  // namespace r8scan
