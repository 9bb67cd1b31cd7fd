// Deltas by hand, and the reference that applies them. See delta_builder.h.
#include "tests/support/delta_builder.h"

#include <algorithm>
#include <stdexcept>

namespace r8scan::test {
namespace {

constexpr std::size_t longest_copy = 0xffffff;
constexpr std::size_t longest_insert = 127;

std::string size_varint(std::uint64_t value)
{
    std::string out;
    do {
        const auto low = static_cast<unsigned char>(value & 0x7fU);
        value >>= 7U;
        out += static_cast<char>(value != 0 ? (low | 0x80U) : low);
    } while (value != 0);
    return out;
}

/// Reads a size from the front of `bytes`; nothing where it does not end or passes 64 bits.
std::optional<std::uint64_t> take_size(std::string_view& bytes)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
        if (bytes.empty()) {
            return std::nullopt;
        }
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
        if ((byte & 0x80U) == 0) {
            return value;
        }
    }
    return std::nullopt;
}

}  // namespace

DeltaBuilder& DeltaBuilder::copy(std::size_t offset, std::size_t size, CopyForm form)
{
    if (offset > m_base.size() || size > m_base.size() - offset) {
        throw std::out_of_range("copy beyond the base");
    }
    m_target.append(m_base, offset, size);
    while (size > 0) {
        const std::size_t part = std::min(size, longest_copy);
        raw_copy(static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(part), form);
        offset += part;
        size -= part;
    }
    return *this;
}

DeltaBuilder& DeltaBuilder::insert(std::string_view bytes, std::size_t piece)
{
    m_target += bytes;
    while (!bytes.empty()) {
        const std::size_t part = std::min({bytes.size(), piece, longest_insert});
        m_instructions += static_cast<char>(part);
        m_instructions += bytes.substr(0, part);
        bytes.remove_prefix(part);
    }
    return *this;
}

DeltaBuilder& DeltaBuilder::raw_copy(std::uint32_t offset, std::uint32_t size, CopyForm form)
{
    const bool is_default_size = size == 0x10000;
    const std::uint32_t spelled_size = is_default_size && form != CopyForm::all_bytes ? 0 : size;
    unsigned opcode = 0x80;
    std::string operands;
    const auto put = [&](std::uint32_t value, unsigned bytes, unsigned first_bit) {
        for (unsigned i = 0; i < bytes; ++i) {
            const std::uint32_t byte = (value >> (8 * i)) & 0xffU;
            if (byte != 0 || form != CopyForm::shortest) {
                opcode |= 1U << (first_bit + i);
                operands += static_cast<char>(byte);
            }
        }
    };
    put(offset, 4, 0);
    put(spelled_size, 3, 4);
    m_instructions += static_cast<char>(opcode);
    m_instructions += operands;
    return *this;
}

DeltaBuilder& DeltaBuilder::raw(std::string_view bytes)
{
    m_instructions += bytes;
    return *this;
}

DeltaBuilder& DeltaBuilder::declare_base_size(std::uint64_t size)
{
    m_base_size = size;
    return *this;
}

DeltaBuilder& DeltaBuilder::declare_result_size(std::uint64_t size)
{
    m_result_size = size;
    return *this;
}

std::string DeltaBuilder::delta() const
{
    return size_varint(m_base_size.value_or(m_base.size())) + size_varint(m_result_size.value_or(m_target.size())) +
           m_instructions;
}

std::optional<std::string> apply_delta(std::string_view base, std::string_view delta)
{
    const auto base_size = take_size(delta);
    const auto result_size = base_size ? take_size(delta) : std::nullopt;
    if (!base_size || !result_size || *base_size != base.size()) {
        return std::nullopt;
    }
    std::string result;
    while (!delta.empty()) {
        const auto opcode = static_cast<unsigned char>(delta.front());
        delta.remove_prefix(1);
        if (opcode == 0) {
            return std::nullopt;  // reserved
        }
        if ((opcode & 0x80U) == 0) {
            if (delta.size() < opcode) {
                return std::nullopt;
            }
            result += delta.substr(0, opcode);
            delta.remove_prefix(opcode);
            continue;
        }
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
        for (unsigned bit = 0; bit < 7; ++bit) {
            if ((opcode & (1U << bit)) == 0) {
                continue;
            }
            if (delta.empty()) {
                return std::nullopt;
            }
            const std::uint64_t byte = static_cast<unsigned char>(delta.front());
            delta.remove_prefix(1);
            (bit < 4 ? offset : size) |= byte << (8 * (bit < 4 ? bit : bit - 4));
        }
        if (size == 0) {
            size = 0x10000;
        }
        if (offset > base.size() || size > base.size() - offset) {
            return std::nullopt;
        }
        result += base.substr(offset, size);
    }
    if (result.size() != *result_size) {
        return std::nullopt;
    }
    return result;
}

}  // namespace r8scan::test
