// Delta streams (gitformat-pack, "Deltified representation"): two sizes, then copy and insert instructions.
//
// A stranger wrote the stream, so every instruction is checked as it is read, against the base's size, the declared
// result size and the stream's end. There is one reader, DeltaCursor; whoever walks the instructions, to apply them or
// only to look, asks finish() at the end whether the stream was whole.
#pragma once

#include <r8scan/result.h>

#include "util/bytes.h"

#include <array>

namespace r8scan::git {

/// One instruction: `size` bytes that are either copied from the base at `offset`, or stand in the stream at `data`.
struct DeltaInstruction {
    const std::byte* data = nullptr;  // null for a copy
    std::uint64_t offset = 0;
    std::size_t size = 0;
};

/// Operand bytes behind a copy instruction: one for each of its seven low bits.
inline constexpr std::array<std::uint8_t, 128> copy_operands = [] {
    std::array<std::uint8_t, 128> counts{};
    for (std::size_t op = 1; op < counts.size(); ++op) {
        counts[op] = static_cast<std::uint8_t>(counts[op / 2] + op % 2);
    }
    return counts;
}();

/// Walks the instructions of a stream.
class DeltaCursor {
public:
    DeltaCursor(Bytes instructions, std::uint64_t base_size, std::uint64_t result_size)
        : m_at(instructions.data()),
          m_end(instructions.data() + instructions.size()),
          m_base_size(base_size),
          m_left(result_size)
    {
    }

    /// The next instruction, whose bytes lie within the base or the stream, and whose result within what was declared.
    /// False at the end, and at the first instruction that breaks a rule.
    bool next(DeltaInstruction& out)
    {
        if (m_at == m_end) {
            return false;
        }
        const auto op = std::to_integer<unsigned>(*m_at++);
        const auto here = static_cast<std::size_t>(m_end - m_at);
        if ((op & 0x80U) == 0) {
            out = {m_at, 0, op};
            if (op == 0 || op > here || op > m_left) {
                return refuse();
            }
            m_at += op;
            m_left -= op;
            return true;
        }
        if (copy_operands[op & 0x7fU] > here) {
            return refuse();
        }
        // Without branches: which operands there are is close to random. An operand that is not there reads the byte
        // before, which is always there, and is masked out.
        std::uint32_t offset = 0;
        std::uint32_t size = 0;
        const auto operand = [&](unsigned bit, std::uint32_t& value, unsigned shift) {
            const std::uint32_t there = (op >> bit) & 1U;
            const auto byte = std::to_integer<std::uint32_t>(m_at[static_cast<std::ptrdiff_t>(there) - 1]);
            value |= (byte & (0U - there)) << shift;
            m_at += there;
        };
        operand(0, offset, 0);
        operand(1, offset, 8);
        operand(2, offset, 16);
        operand(3, offset, 24);
        operand(4, size, 0);
        operand(5, size, 8);
        operand(6, size, 16);
        size = size == 0 ? 0x10000U : size;
        out = {nullptr, offset, size};
        if (size > m_left || offset > m_base_size || size > m_base_size - offset) {
            return refuse();
        }
        m_left -= size;
        return true;
    }

    /// After next() was false: whether the stream was whole and made the declared result.
    [[nodiscard]] Result<void> finish() const;

private:
    bool refuse()
    {
        m_refused = true;
        m_at = m_end;
        return false;
    }

    const std::byte* m_at;
    const std::byte* m_end;
    std::uint64_t m_base_size;
    std::uint64_t m_left;  // of the declared result
    bool m_refused = false;
};

/// A delta stream whose sizes were read. A view: lives as long as the bytes it was opened from.
class Delta {
public:
    /// The result size that the stream declares, read before anything else is checked.
    static Result<std::uint64_t> declared_size(Bytes stream);

    /// Reads the sizes, of which the base's must be base_size.
    static Result<Delta> open(Bytes stream, std::uint64_t base_size);

    [[nodiscard]] std::uint64_t result_size() const { return m_result_size; }
    [[nodiscard]] DeltaCursor instructions() const { return {m_instructions, m_base_size, m_result_size}; }

    /// Writes the result; base has the size that open() was told, out has result_size() bytes. On an error out holds
    /// what came before it.
    Result<void> apply(Bytes base, std::byte* out) const;

private:
    Bytes m_instructions;
    std::uint64_t m_base_size = 0;
    std::uint64_t m_result_size = 0;
};

}  // namespace r8scan::git
