// bzip2 by libbz2: https://sourceware.org/bzip2/
#pragma once

#include "decode/stream_decoder.h"

#include <memory>

namespace r8scan::decode {

class Bzip2Decoder : public StreamDecoder {
public:
    Bzip2Decoder();
    ~Bzip2Decoder() override;
    void begin() override;
    Step step(Bytes in, std::span<std::byte> out) override;

private:
    struct Stream;  // bzlib.h defines macros that nobody else should see
    std::unique_ptr<Stream> m_state;
};

/// Whether bytes may begin a bzip2 stream that holds something: both magics, no randomised block (given up in 1999), a
/// start within the block.
[[nodiscard]] bool may_be_bzip2(Bytes head);

}  // namespace r8scan::decode
