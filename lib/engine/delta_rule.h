// The delta rule: what a delta copied from a base without anchors need not be scanned again.
//
// Let every match contain an anchor of at most W bytes. If the base holds no anchor, then an anchor in the result lies
// in no single copy; so it touches an insert, or it straddles an edge between instructions and reaches at most W-1
// bytes into a copy. It is therefore enough to scan the result with the middle of every long copy left out:
// inserts whole, of each copy the first and last W-1 bytes. Where pieces meet that are no neighbours in the result a
// false alarm can arise, never a miss; an alarm only means that the result is built and scanned whole.
#pragma once

#include "engine/layer_scanner.h"
#include "git/delta.h"

namespace r8scan {

class DeltaRule {
public:
    /// anchor_width is W, at least 1.
    explicit DeltaRule(std::size_t anchor_width) : m_edge(anchor_width - 1) {}

    /// Whether the result of the delta may hold an anchor, given that the base holds none. Where the answer is no,
    /// every instruction was read and checked; the error is for a delta that breaks the format.
    Result<bool> may_bring_anchor(const git::Delta& delta, Bytes base, LayerScanner& scanner);

private:
    std::size_t m_edge;                // W-1: how far an anchor can reach into a copy
    std::vector<std::byte> m_reduced;  // the result without the middles of its copies
};

}  // namespace r8scan
