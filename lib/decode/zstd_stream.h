// zstd by libzstd: https://www.rfc-editor.org/rfc/rfc8878
#pragma once

#include "decode/stream_decoder.h"

#include <memory>

struct ZSTD_DCtx_s;

namespace r8scan::decode {

class ZstdDecoder : public StreamDecoder {
public:
    void begin() override;
    Step step(Bytes in, std::span<std::byte> out) override;

private:
    struct Free {
        void operator()(ZSTD_DCtx_s* context) const;
    };
    std::unique_ptr<ZSTD_DCtx_s, Free> m_context;
};

/// Whether bytes may begin a zstd frame: magic, no reserved bit, a first block of a known type and a possible size.
[[nodiscard]] bool may_be_zstd(Bytes head);
/// Whether what begins as may_be_zstd is surely meant as a frame though it broke after `written` bytes: a compressed
/// block was decoded, or more than one block that is not compressed, or the blocks lead to a proper end.
[[nodiscard]] bool is_surely_zstd(Bytes frame, std::size_t written);
/// Bytes of the skippable frames that stand here, as `zstd --adapt`, pzstd and the seekable format write them.
[[nodiscard]] std::size_t skippable_zstd(Bytes bytes);

}  // namespace r8scan::decode
