// Delta streams (gitformat-pack, "Deltified representation"): two sizes, then copy and insert instructions.
//
// Delta::parse() checks every instruction once, against the base's size and the declared result size; what it accepts
// can be walked and applied without further checks.
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

/// Walks the instructions of a checked stream.
class DeltaCursor {
public:
    explicit DeltaCursor(Bytes instructions)
        : m_at(instructions.data()), m_end(instructions.data() + instructions.size())
    {
    }

    /// False at the end.
    bool next(DeltaInstruction& out)
    {
        if (m_at == m_end) {
            return false;
        }
        const auto op = std::to_integer<unsigned>(*m_at++);
        if ((op & 0x80U) == 0) {
            out = {m_at, 0, op};
            m_at += op;
            return true;
        }
        std::uint32_t offset = 0;
        std::uint32_t size = 0;
        for (unsigned i = 0; i < 4; ++i) {
            if ((op & (1U << i)) != 0) {
                offset |= std::to_integer<std::uint32_t>(*m_at++) << (8 * i);
            }
        }
        for (unsigned i = 0; i < 3; ++i) {
            if ((op & (16U << i)) != 0) {
                size |= std::to_integer<std::uint32_t>(*m_at++) << (8 * i);
            }
        }
        out = {nullptr, offset, size == 0 ? 0x10000U : size};
        return true;
    }

private:
    const std::byte* m_at;
    const std::byte* m_end;
};

/// A checked delta stream. A view: lives as long as the bytes it was parsed from.
class Delta {
public:
    /// The result size that the stream declares, read before anything else is checked.
    static Result<std::uint64_t> declared_size(Bytes stream);

    static Result<Delta> parse(Bytes stream, std::uint64_t base_size);

    [[nodiscard]] std::uint64_t result_size() const { return m_result_size; }
    [[nodiscard]] DeltaCursor instructions() const { return DeltaCursor(m_instructions); }

    /// Writes the result; base is the one that parse() was told the size of, out has result_size() bytes.
    void apply(Bytes base, std::byte* out) const;

private:
    Bytes m_instructions;
    std::uint64_t m_result_size = 0;
};

}  // namespace r8scan::git
