// xz by liblzma: https://tukaani.org/xz/xz-file-format.txt
#pragma once

#include "decode/stream_decoder.h"

#include <memory>

namespace r8scan::decode {

class XzDecoder : public StreamDecoder {
public:
    XzDecoder();
    ~XzDecoder() override;
    void begin() override;
    Step step(Bytes in, std::span<std::byte> out) override;

private:
    struct Stream;
    std::unique_ptr<Stream> m_state;
};

/// Whether bytes begin with the header of an xz stream; it carries a checksum.
[[nodiscard]] bool is_xz(Bytes head);

}  // namespace r8scan::decode
