// Keeps a mapped file that shrinks, or a disk that fails under it, from ending the program.
//
// Touching a mapped page that has no file behind it any more raises SIGBUS. While any LostPages lives, one handler for
// that signal is installed. It answers for registered ranges alone: there it puts a page of zeros in the place of the
// lost one, counts that, and lets the read go on. Every other SIGBUS goes to the handler that was there before, and with
// the last range that handler is put back. Any thread may read; a thread that blocks SIGBUS is ended by the system, as
// without us.
// After the model of systemd's journal reader: https://github.com/systemd/systemd/blob/main/src/basic/sigbus.c
#pragma once

#include "util/bytes.h"

#include <cstddef>
#include <utility>

namespace r8scan {

class LostPages {
public:
    LostPages() = default;
    /// `mapping` begins at a page and stays mapped for as long as the object lives. Throws std::bad_alloc.
    explicit LostPages(Bytes mapping);
    LostPages(LostPages&& other) noexcept : m_range(std::exchange(other.m_range, nullptr)) {}
    LostPages& operator=(LostPages&& other) noexcept
    {
        std::swap(m_range, other.m_range);
        return *this;
    }
    LostPages(const LostPages&) = delete;
    LostPages& operator=(const LostPages&) = delete;
    ~LostPages();

    /// Whether zeros stand where bytes of the file belong.
    [[nodiscard]] bool any() const;

    struct Range;

private:
    Range* m_range = nullptr;
};

}  // namespace r8scan
