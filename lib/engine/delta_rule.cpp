#include "engine/delta_rule.h"

namespace r8scan {

namespace {
// The reduced result is scanned in pieces of about this size, so that a huge delta needs no huge buffer.
constexpr std::size_t piece_size = 256U << 10U;
}  // namespace

void DeltaRule::append(const std::byte* from, std::size_t size)
{
    if (m_size + size > m_reduced.size()) {
        m_reduced.resize(2 * (m_size + size));
    }
    std::memcpy(m_reduced.data() + m_size, from, size);
    m_size += size;
}

bool DeltaRule::may_bring_anchor(const git::Delta& delta, Bytes base, ContentScanner& scanner)
{
    m_size = 0;
    auto cursor = delta.instructions();
    for (git::DeltaInstruction instruction; cursor.next(instruction);) {
        if (instruction.data != nullptr) {
            append(instruction.data, instruction.size);
        } else if (const auto* from = base.data() + instruction.offset; instruction.size <= 2 * m_edge) {
            append(from, instruction.size);
        } else {
            append(from, m_edge);
            append(from + instruction.size - m_edge, m_edge);
        }
        if (m_size >= piece_size) {
            if (scanner.has_anchor(Bytes(m_reduced).first(m_size))) {
                return true;
            }
            std::memmove(m_reduced.data(), m_reduced.data() + m_size - m_edge, m_edge);
            m_size = m_edge;
        }
    }
    return scanner.has_anchor(Bytes(m_reduced).first(m_size));
}

}  // namespace r8scan
