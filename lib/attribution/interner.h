// Interner: each distinct sequence gets one small number, so that equal sequences are equal numbers.
// PairMemo: remembers the result of an operation on two such numbers.
//
// Both are open-addressing hash tables over flat arrays: attribution keeps millions of short sequences, and a heap
// allocation for each would cost more than the work on them. Nothing is ever removed. Not synchronised.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace r8scan::attribution {

/// Mixes a word into a running hash (the finaliser of MurmurHash3, which spreads every bit).
[[nodiscard]] inline std::uint64_t mix(std::uint64_t hash, std::uint64_t word)
{
    hash = (hash ^ word) * 0xff51afd7ed558ccdULL;
    hash = (hash ^ (hash >> 33U)) * 0xc4ceb9fe1a85ec53ULL;
    return hash ^ (hash >> 33U);
}

[[nodiscard]] inline std::uint64_t hash_word(std::uint32_t number)
{
    return number;
}

/// T needs == and a free function `std::uint64_t hash_word(const T&)`. Number 0 is always the empty sequence.
template <class T>
class Interner {
public:
    Interner() : m_begin{0, 0}, m_hashes{0}, m_slots(64, 0) {}

    /// `sequence` must not point into this interner.
    std::uint32_t intern(std::span<const T> sequence)
    {
        if (sequence.empty()) {
            return 0;
        }
        std::uint64_t hash = sequence.size();
        for (const T& item : sequence) {
            hash = mix(hash, hash_word(item));
        }
        std::size_t slot = hash & (m_slots.size() - 1);
        for (; m_slots[slot] != 0; slot = (slot + 1) & (m_slots.size() - 1)) {
            if (m_hashes[m_slots[slot]] == hash && equal((*this)[m_slots[slot]], sequence)) {
                return m_slots[slot];
            }
        }
        const auto number = static_cast<std::uint32_t>(m_hashes.size());
        m_items.insert(m_items.end(), sequence.begin(), sequence.end());
        m_begin.push_back(m_items.size());
        m_hashes.push_back(hash);
        m_slots[slot] = number;
        if (m_hashes.size() * 2 > m_slots.size()) {
            grow();
        }
        return number;
    }

    /// Valid until the next call of intern().
    [[nodiscard]] std::span<const T> operator[](std::uint32_t number) const
    {
        return {m_items.data() + m_begin[number], m_items.data() + m_begin[number + 1]};
    }

    /// How many sequences there are, the empty one included.
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(m_hashes.size()); }

    // Positions and items for callers that intern while they read, whose spans would dangle.
    [[nodiscard]] std::size_t begin_of(std::uint32_t number) const { return m_begin[number]; }
    [[nodiscard]] std::size_t end_of(std::uint32_t number) const { return m_begin[number + 1]; }
    [[nodiscard]] const T& item(std::size_t position) const { return m_items[position]; }

private:
    static bool equal(std::span<const T> a, std::span<const T> b)
    {
        if (a.size() != b.size()) {
            return false;
        }
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (!(a[i] == b[i])) {
                return false;
            }
        }
        return true;
    }

    void grow()
    {
        m_slots.assign(m_slots.size() * 2, 0);
        for (std::uint32_t number = 1; number < size(); ++number) {
            std::size_t slot = m_hashes[number] & (m_slots.size() - 1);
            while (m_slots[slot] != 0) {
                slot = (slot + 1) & (m_slots.size() - 1);
            }
            m_slots[slot] = number;
        }
    }

    std::vector<T> m_items;
    std::vector<std::size_t> m_begin;  // sequence n is m_items[m_begin[n], m_begin[n + 1])
    std::vector<std::uint64_t> m_hashes;
    std::vector<std::uint32_t> m_slots;  // a power of two; 0 is free, for the empty sequence is never looked up
};

/// A map from two numbers, not both 0, to a number.
class PairMemo {
public:
    PairMemo() : m_slots(64) {}

    /// Null where nothing is remembered; valid until the next put().
    [[nodiscard]] const std::uint32_t* find(std::uint32_t a, std::uint32_t b) const
    {
        const Slot& slot = m_slots[place_of(key_of(a, b))];
        return slot.key == 0 ? nullptr : &slot.value;
    }

    void put(std::uint32_t a, std::uint32_t b, std::uint32_t value)
    {
        Slot& slot = m_slots[place_of(key_of(a, b))];
        m_used += slot.key == 0 ? 1U : 0U;
        slot = {key_of(a, b), value};
        if (m_used * 2 > m_slots.size()) {
            grow();
        }
    }

private:
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t value = 0;
    };

    static std::uint64_t key_of(std::uint32_t a, std::uint32_t b) { return (std::uint64_t{a} << 32U) | b; }

    [[nodiscard]] std::size_t place_of(std::uint64_t key) const
    {
        std::size_t place = mix(0, key) & (m_slots.size() - 1);
        while (m_slots[place].key != 0 && m_slots[place].key != key) {
            place = (place + 1) & (m_slots.size() - 1);
        }
        return place;
    }

    void grow()
    {
        std::vector<Slot> old(m_slots.size() * 2);
        old.swap(m_slots);
        for (const Slot& slot : old) {
            if (slot.key != 0) {
                m_slots[place_of(slot.key)] = slot;
            }
        }
    }

    std::vector<Slot> m_slots;  // a power of two
    std::size_t m_used = 0;
};

}  // namespace r8scan::attribution
