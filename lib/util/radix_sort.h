// Least-significant-digit radix sort of (64-bit key, 32-bit value) pairs: pack offsets and id prefixes come by the
// million and std::sort takes ten times as long.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace r8scan {

struct KeyValue {
    std::uint64_t key = 0;
    std::uint32_t value = 0;
};

/// Sorts by key, stably.
inline void radix_sort(std::vector<KeyValue>& pairs)
{
    constexpr unsigned digit_bits = 11;
    std::uint64_t all = 0;
    for (const auto& pair : pairs) {
        all |= pair.key;
    }
    std::vector<KeyValue> other(pairs.size());
    for (unsigned shift = 0; shift < 64 && (all >> shift) != 0; shift += digit_bits) {
        const auto digit = [&](const KeyValue& pair) { return (pair.key >> shift) & ((1U << digit_bits) - 1); };
        std::array<std::size_t, 1U << digit_bits> begin{};
        for (const auto& pair : pairs) {
            ++begin[digit(pair)];
        }
        std::size_t sum = 0;
        for (auto& count : begin) {
            sum += std::exchange(count, sum);
        }
        for (const auto& pair : pairs) {
            other[begin[digit(pair)]++] = pair;
        }
        pairs.swap(other);
    }
}

}  // namespace r8scan
