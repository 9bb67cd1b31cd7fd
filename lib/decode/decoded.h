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
    bool cut_left = false;   // more would have been there to the left than was decoded
    bool cut_right = false;  // the same to the right

    void add(std::byte byte, std::uint64_t begin, std::uint64_t end)
    {
        bytes.push_back(byte);
        begins.push_back(begin);
        ends.push_back(end);
    }
};

}  // namespace r8scan::decode
