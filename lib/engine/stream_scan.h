// Scans a byte stream that comes piece by piece: whole where it fits into memory, so that containers in it can be
// opened, in windows where it does not.
#pragma once

#include <r8scan/scan.h>

#include "engine/layer_scanner.h"

#include <cstdlib>
#include <memory>

namespace r8scan {

/// What came out of one stream.
struct ScannedStream {
    std::vector<Hit> hits;
    std::vector<UnreadPart> unread;
    std::uint64_t bytes = 0;
    std::optional<Error> error;  // why it was not read to its end; the hits are those of what was read
    bool stopped = false;
};

/// One for each thread; keeps its memory for the next stream.
class StreamScan {
public:
    StreamScan(const Matcher& matcher, const DetectionOptions& options, Control& control);

    /// `expected` is the size as far as it is known, else 0.
    ScannedStream scan(const StreamReader& read, std::uint64_t expected);
    /// The same for bytes at hand.
    ScannedStream scan(Bytes content);

private:
    bool fill(const StreamReader& read, std::size_t room, ScannedStream& out);
    void scan_in_windows(const StreamReader& read, ScannedStream& out);
    void scan_whole(Bytes content, ScannedStream& out);
    void make_room(std::size_t room);
    void trim();
    [[nodiscard]] Bytes held() const { return {m_buffer.get(), m_held}; }

    struct Free {
        void operator()(std::byte* memory) const { std::free(memory); }
    };

    Control& m_control;
    LayerScanner m_scanner;
    std::uint64_t m_in_memory;
    std::unique_ptr<std::byte, Free> m_buffer;  // from malloc: grows by realloc, which moves pages instead of bytes
    std::size_t m_room = 0;
    std::size_t m_held = 0;
};

}  // namespace r8scan
