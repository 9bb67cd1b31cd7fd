// One compressed stream, whatever its format: a decoder that is fed in steps, and the loop that runs it under limits.
//
// The libraries are used directly, not through libarchive's filters: those drop up to 64 KiB that were already
// expanded when a stream breaks, and take bytes behind an xz stream for damage.
#pragma once

#include "decode/expansion.h"

#include <string>

namespace r8scan::decode {

class StreamDecoder {
public:
    enum class State {
        more,         // wants input or room
        ended,        // the stream's proper end
        corrupt,      // does not follow its format
        unsupported,  // follows it, but nothing here knows the method
        too_large,    // would need more memory than we give to one stream
    };
    struct Step {
        std::size_t read = 0;
        std::size_t written = 0;
        State state = State::more;
        const char* what = "";  // lives as long as the decoder
    };

    StreamDecoder() = default;
    StreamDecoder(const StreamDecoder&) = delete;
    StreamDecoder& operator=(const StreamDecoder&) = delete;
    virtual ~StreamDecoder() = default;

    /// Makes ready for the first byte of a stream. Called before each stream; throws std::bad_alloc.
    virtual void begin() = 0;
    /// Expands some of `in` into `out`, either of which may be empty.
    virtual Step step(Bytes in, std::span<std::byte> out) = 0;
};

struct Expanded {
    enum class End { whole, truncated, corrupt, unsupported, cut, stopped };
    End end = End::whole;
    std::size_t read = 0;     // bytes of the stream that were used
    std::size_t written = 0;  // bytes that came out of it
    std::string what;         // for all but whole and stopped
};

/// Expands the stream that begins `stream` (bytes may follow its end) behind what `into` holds.
Expanded expand(StreamDecoder& decoder, Bytes stream, Expansion& into, const ContainerCallbacks& callbacks);

/// Names what was not read of a stream; nothing for whole and stopped.
void tell_unread(const ContainerCallbacks& callbacks, const Expanded& expanded, const std::string& name);

}  // namespace r8scan::decode
