// What one container expands to, under the limits of the blob: a buffer for the member being expanded, and the count
// of everything that this container (one layer) read and wrote.
//
// Space is handed out in steps of at most 1 MiB, and never more than the limits leave, so the budget is kept exactly.
// The buffer grows with what is really written, never by a size that a stranger declared.
#pragma once

#include "decode/container.h"

#include <cstdlib>
#include <memory>

namespace r8scan::decode {

class Expansion {
public:
    explicit Expansion(Budget& budget) : m_budget(&budget) {}

    /// Where the next bytes may be written; empty where a limit is reached. Valid until the next call.
    std::span<std::byte> room();
    void wrote(std::size_t size);

    /// Copies as much as the limits leave; false where that was not all.
    bool append(Bytes bytes);
    /// The same for the hole of a sparse file, whose zeros do not count as expanded where the ratio is judged.
    bool append_hole(std::uint64_t size);

    /// Compressed bytes that this layer has read so far, for the ratio.
    void set_read(std::uint64_t total) { m_read = total; }
    void add_read(std::uint64_t size) { m_read += size; }

    /// Which limit stops the expansion now; nullptr for none. A literal.
    [[nodiscard]] const char* limit() const;

    /// Begins the next member: its content is empty, the counts of the layer go on.
    void next_member() { m_size = 0; }
    /// Forgets what was written behind the first `size` bytes.
    void shrink(std::size_t size) { m_size = size; }

    /// Takes reading itself out of the budget where it gave less than it read, so that streams which expand to nothing
    /// cannot be tried without end.
    void charge(std::uint64_t read, std::uint64_t written);

    /// The member so far. Valid until the next write.
    [[nodiscard]] Bytes content() const { return {m_buffer.get(), m_size}; }

private:
    bool reserve(std::size_t capacity);

    struct Free {
        void operator()(std::byte* buffer) const { std::free(buffer); }  // NOLINT: the buffer is grown by realloc
    };
    Budget* m_budget;
    std::unique_ptr<std::byte, Free> m_buffer;
    std::size_t m_capacity = 0;
    std::size_t m_size = 0;
    std::uint64_t m_read = 0;
    std::uint64_t m_written = 0;
    bool m_no_memory = false;
};

/// Hands the member on and tells whether to go on.
bool hand_on(const Expansion& expansion, std::string name, std::uint64_t outer_offset,
             const ContainerCallbacks& callbacks);

inline bool stop_asked(const ContainerCallbacks& callbacks)
{
    return callbacks.stop && callbacks.stop();
}

inline void tell_unread(const ContainerCallbacks& callbacks, Unread why, const std::string& name,
                        const std::string& what)
{
    if (callbacks.unread) {
        callbacks.unread(why, name, what);
    }
}

}  // namespace r8scan::decode
