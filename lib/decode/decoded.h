// What a decoder makes of a part of a text: the decoded bytes, and where in the original each of them comes from.
//
// A decoder never goes through a whole text: it starts at a place where something encoded was recognised (an anchor)
// and decodes so much to its left and right that a token there and its neighbours can be judged.
#pragma once

#include "util/bytes.h"

#include <cstdint>
#include <vector>

namespace r8scan::decode {

/// How many decoded bytes are wanted before the anchor (what a judgement of neighbours looks at), and behind it (more,
/// so that one decoding serves all anchors of a stretch).
inline constexpr std::size_t reach_before = 768;
inline constexpr std::size_t reach_behind = 4096;

struct Decoded {
    std::vector<std::byte> bytes;
    // For each decoded byte, the offset in the original of the first character that carries a bit of it, and the end
    // (exclusive) of the last one.
    std::vector<std::uint64_t> begins;
    std::vector<std::uint64_t> ends;
    bool joins_lines = false;  // lines were joined that may not belong together: see torn_before()
    bool cut_left = false;     // more would have been there to the left than was decoded
    bool cut_right = false;    // the same to the right

    void add(std::byte byte, std::uint64_t begin, std::uint64_t end)
    {
        bytes.push_back(byte);
        begins.push_back(begin);
        ends.push_back(end);
    }

    /// Whether something that was passed over, such as a line break, stands exactly between byte i and the one before.
    [[nodiscard]] bool parted_before(std::size_t i) const
    {
        return i > 0 && i < bytes.size() && begins[i] > ends[i - 1];
    }

    /// Whether a line break stands in or before the original of the byte at i, so that the text may have begun behind
    /// it or ended before it. For base64, where a byte has two characters.
    [[nodiscard]] bool torn_before(std::size_t i) const
    {
        constexpr std::uint64_t characters_a_byte = 2;
        return i > 0 && i < bytes.size() &&
               (parted_before(i) || ends[i] - begins[i] > characters_a_byte ||
                ends[i - 1] - begins[i - 1] > characters_a_byte);
    }
};

}  // namespace r8scan::decode
