#include "engine/delta_rule.h"

#include "util/copy_bytes.h"

#include <algorithm>

namespace r8scan {

namespace {
// The reduced result is scanned in pieces of about this size, so that a huge delta needs no huge buffer.
constexpr std::size_t piece_size = 32U << 10U;
}  // namespace

Result<bool> DeltaRule::may_bring_anchor(const git::Delta& delta, Bytes base, LayerScanner& scanner)
{
    // One instruction adds at most max(127, 2 edges) bytes; room for that much is kept ahead of the writing.
    const auto most = std::max<std::size_t>(127, 2 * m_edge);
    m_reduced.resize(piece_size + most);
    auto* const begin = m_reduced.data();
    auto* at = begin;
    const auto add = [&](const std::byte* from, std::size_t size) {
        copy_bytes(at, from, size);
        at += size;
    };
    auto cursor = delta.instructions();
    for (git::DeltaInstruction instruction; cursor.next(instruction);) {
        const auto* const from = instruction.data != nullptr ? instruction.data : base.data() + instruction.offset;
        if (instruction.data != nullptr || instruction.size <= 2 * m_edge) {
            add(from, instruction.size);
        } else {
            add(from, m_edge);
            add(from + instruction.size - m_edge, m_edge);
        }
        if (static_cast<std::size_t>(at - begin) >= piece_size) {
            if (scanner.has_anchor({begin, at})) {
                return true;
            }
            std::memmove(begin, at - m_edge, m_edge);
            at = begin + m_edge;
        }
    }
    if (const auto whole = cursor.finish(); !whole) {
        return whole.error();
    }
    return scanner.has_anchor({begin, at});
}

}  // namespace r8scan
