// A byte buffer that is not zeroed and keeps its memory for the next object.
#pragma once

#include "util/bytes.h"

#include <memory>

namespace r8scan::git {

class Buffer {
public:
    /// Room for size bytes, old content lost. Throws std::bad_alloc.
    std::span<std::byte> make(std::size_t size)
    {
        if (size > m_capacity) {
            m_data.reset();
            m_capacity = 0;
            const auto capacity = size + size / 4;
            m_data.reset(new std::byte[capacity]);
            m_capacity = capacity;
        }
        m_size = size;
        return {m_data.get(), size};
    }
    /// Gives memory back where one large object would otherwise be kept for all the small ones to come.
    void trim(std::size_t keep)
    {
        if (m_capacity > keep) {
            m_data.reset();
            m_capacity = m_size = 0;
        }
    }
    [[nodiscard]] Bytes bytes() const { return {m_data.get(), m_size}; }
    [[nodiscard]] std::size_t capacity() const { return m_capacity; }

private:
    std::unique_ptr<std::byte[]> m_data;
    std::size_t m_size = 0;
    std::size_t m_capacity = 0;
};

}  // namespace r8scan::git
