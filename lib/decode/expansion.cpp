#include "decode/expansion.h"

#include <algorithm>
#include <cstring>

namespace r8scan::decode {

namespace {

constexpr std::size_t first_capacity = 64U << 10U;
constexpr std::size_t step = 1U << 20U;
constexpr std::uint64_t ratio_judged_above = 16U << 20U;
constexpr std::uint64_t ratio = 1000;

}  // namespace

bool Expansion::reserve(std::size_t capacity)
{
    if (capacity <= m_capacity) {
        return true;
    }
    // Twice the size each time: pages that are not written cost nothing.
    const std::size_t wanted = std::max({capacity, m_capacity * 2, first_capacity});
    auto* grown = static_cast<std::byte*>(std::realloc(m_buffer.get(), wanted));  // NOLINT: owned again below
    if (grown == nullptr) {
        m_no_memory = true;
        return false;
    }
    static_cast<void>(m_buffer.release());
    m_buffer.reset(grown);
    m_capacity = wanted;
    return true;
}

std::span<std::byte> Expansion::room()
{
    if (limit() != nullptr) {
        return {};
    }
    if (m_size == m_capacity && !reserve(m_size + 1)) {
        return {};
    }
    const std::uint64_t allowed = std::min(m_budget->bytes, m_budget->member_in_memory - m_size);
    const std::uint64_t size = std::min<std::uint64_t>({m_capacity - m_size, step, allowed});
    return {m_buffer.get() + m_size, static_cast<std::size_t>(size)};
}

void Expansion::wrote(std::size_t size)
{
    m_size += size;
    m_written += size;
    m_budget->bytes -= std::min<std::uint64_t>(size, m_budget->bytes);
}

bool Expansion::append(Bytes bytes)
{
    while (!bytes.empty()) {
        const auto space = room();
        if (space.empty()) {
            return false;
        }
        const std::size_t size = std::min(space.size(), bytes.size());
        std::memcpy(space.data(), bytes.data(), size);
        wrote(size);
        bytes = bytes.subspan(size);
    }
    return true;
}

bool Expansion::append_hole(std::uint64_t size)
{
    while (size != 0) {
        const auto space = room();
        if (space.empty()) {
            return false;
        }
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(space.size(), size));
        std::memset(space.data(), 0, part);
        wrote(part);
        m_written -= part;
        size -= part;
    }
    return true;
}

const char* Expansion::limit() const
{
    if (m_no_memory) {
        return "memory for it could not be had";
    }
    if (m_budget->bytes == 0) {
        return "the limit of expanded bytes is reached";
    }
    if (m_size >= m_budget->member_in_memory) {
        return "larger than the limit of a member";
    }
    if (m_written > ratio_judged_above && m_written / ratio >= std::max<std::uint64_t>(m_read, 1)) {
        return "expands more than 1000 : 1";
    }
    return nullptr;
}

void Expansion::charge(std::uint64_t read, std::uint64_t written)
{
    if (read > written) {
        m_budget->bytes -= std::min(read - written, m_budget->bytes);
    }
}

bool hand_on(const Expansion& expansion, std::string name, std::uint64_t outer_offset,
             const ContainerCallbacks& callbacks)
{
    return !callbacks.member || callbacks.member(Member{std::move(name), outer_offset, expansion.content()});
}

}  // namespace r8scan::decode
