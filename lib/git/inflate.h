// zlib streams: whole ones by libdeflate into memory that the caller sized, large ones window by window by zlib.
#pragma once

#include <r8scan/result.h>

#include "util/bytes.h"

#include <functional>
#include <memory>

struct libdeflate_decompressor;

namespace r8scan::git {

/// Whether `size` inflated bytes can come out of `compressed` bytes at all: deflate expands at most 1032 : 1. Asked
/// before memory is set aside for a size that a stranger declared.
inline bool plausible_size(std::uint64_t size, std::uint64_t compressed)
{
    return size / 1032 <= compressed + 1;
}

/// Inflates whole streams. One for each thread.
class Inflater {
public:
    Inflater();
    /// Inflates `stream` to exactly out.size() bytes; any other length, or a bad checksum, is ErrorCode::damaged.
    Result<void> inflate(Bytes stream, std::span<std::byte> out);
    /// The same for a stream that has other bytes behind its end; says how many of `stream` are its own.
    Result<std::size_t> inflate_front(Bytes stream, std::span<std::byte> out);

private:
    struct Free {
        void operator()(libdeflate_decompressor* decompressor) const;
    };
    std::unique_ptr<libdeflate_decompressor, Free> m_decompressor;
};

/// Inflates a stream of which `size` bytes are expected and hands it out in windows of at most window_size bytes.
/// consume returns false to stop early. Any mismatch is ErrorCode::damaged.
Result<void> inflate_in_windows(Bytes stream, std::uint64_t size, std::size_t window_size,
                                const std::function<bool(Bytes)>& consume);

/// Inflates at most out.size() bytes of the start of a stream and says how many there were.
Result<std::size_t> inflate_prefix(Bytes stream, std::span<std::byte> out);

}  // namespace r8scan::git
