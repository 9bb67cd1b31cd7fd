// Deflate by zlib, in its three wrappings: gzip (RFC 1952), zlib (RFC 1950) and none (RFC 1951).
//
// Unlike lib/git's inflater, which knows each size beforehand, this one takes streams of any length and keeps what came
// out before the stream broke.
#pragma once

#include "decode/stream_decoder.h"

#include <memory>

struct z_stream_s;

namespace r8scan::decode {

class DeflateDecoder : public StreamDecoder {
public:
    enum class Wrapping { gzip, zlib, none };
    explicit DeflateDecoder(Wrapping wrapping) : m_wrapping(wrapping) {}

    void begin() override;
    Step step(Bytes in, std::span<std::byte> out) override;

private:
    struct End {
        void operator()(z_stream_s* stream) const;
    };
    Wrapping m_wrapping;
    std::unique_ptr<z_stream_s, End> m_stream;
};

/// Whether bytes may be the header of a gzip member: magic, method, no reserved flag.
[[nodiscard]] bool may_be_gzip(Bytes head);
/// Whether the header is one that compressors write: besides the above, known extra flags and operating system. One of
/// 5,000 random headers that may_be_gzip passes this.
[[nodiscard]] bool is_usual_gzip(Bytes head);

}  // namespace r8scan::decode
