#include "decode/zstd_stream.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <new>
#include <optional>

namespace r8scan::decode {

namespace {

constexpr int largest_window_log = 28;  // 256 MiB; the library's own limit for streams is 27
constexpr std::size_t largest_block = 128U << 10U;

std::uint32_t read_le32(Bytes bytes)
{
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

struct Block {
    unsigned type = 0;  // 0 raw, 1 one byte repeated, 2 compressed, 3 reserved
    std::size_t size = 0;
};

// The header of a frame's first block; nothing where the frame's own header is invalid or cut.
std::optional<Block> first_block(Bytes frame)
{
    if (frame.size() < 9 || read_le32(frame) != ZSTD_MAGICNUMBER) {
        return std::nullopt;
    }
    const auto descriptor = std::to_integer<unsigned>(frame[4]);
    if ((descriptor & 0x08U) != 0) {
        return std::nullopt;
    }
    static constexpr std::size_t id_sizes[] = {0, 1, 2, 4};
    static constexpr std::size_t content_sizes[] = {0, 2, 4, 8};
    const bool single_segment = (descriptor & 0x20U) != 0;
    std::size_t size = 5 + id_sizes[descriptor & 3U] + content_sizes[descriptor >> 6U];
    size += single_segment ? static_cast<std::size_t>(descriptor >> 6U == 0) : 1;
    if (frame.size() < size + 4) {
        return std::nullopt;
    }
    const std::uint32_t header = read_le32(frame.subspan(size)) & 0xffffffU;
    return Block{(header >> 1U) & 3U, header >> 3U};
}

}  // namespace

void ZstdDecoder::Free::operator()(ZSTD_DCtx_s* context) const
{
    ZSTD_freeDCtx(context);
}

void ZstdDecoder::begin()
{
    if (!m_context) {
        m_context.reset(ZSTD_createDCtx());
        if (!m_context ||
            ZSTD_isError(ZSTD_DCtx_setParameter(m_context.get(), ZSTD_d_windowLogMax, largest_window_log)) != 0) {
            throw std::bad_alloc();
        }
    }
    ZSTD_DCtx_reset(m_context.get(), ZSTD_reset_session_only);
}

StreamDecoder::Step ZstdDecoder::step(Bytes in, std::span<std::byte> out)
{
    std::byte nothing{};
    ZSTD_inBuffer source{in.data(), in.size(), 0};
    ZSTD_outBuffer target{out.empty() ? &nothing : out.data(), out.size(), 0};
    const std::size_t status = ZSTD_decompressStream(m_context.get(), &target, &source);
    Step step{source.pos, target.pos, State::more, ""};
    if (ZSTD_isError(status) == 0) {
        step.state = status == 0 ? State::ended : State::more;
        return step;
    }
    switch (ZSTD_getErrorCode(status)) {
        case ZSTD_error_memory_allocation: throw std::bad_alloc();
        case ZSTD_error_noForwardProgress_destFull:
        case ZSTD_error_noForwardProgress_inputEmpty: return {};
        case ZSTD_error_frameParameter_windowTooLarge: step.state = State::too_large; break;
        case ZSTD_error_version_unsupported:
        case ZSTD_error_frameParameter_unsupported:
        case ZSTD_error_dictionary_wrong: step.state = State::unsupported; break;
        default: step.state = State::corrupt;
    }
    step.what = ZSTD_getErrorName(status);
    return step;
}

bool may_be_zstd(Bytes head)
{
    const auto block = first_block(head);
    return block && block->type != 3 && block->size <= largest_block;
}

bool is_surely_zstd(Bytes frame, std::size_t written)
{
    const auto block = first_block(frame);
    if (!block) {
        return false;
    }
    return (block->type == 2 && written != 0) || written > largest_block ||
           ZSTD_isError(ZSTD_findFrameCompressedSize(frame.data(), frame.size())) == 0;
}

std::size_t skippable_zstd(Bytes bytes)
{
    std::size_t skipped = 0;
    while (bytes.size() - skipped >= 8 &&
           (read_le32(bytes.subspan(skipped)) & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START) {
        const std::uint64_t size = 8ULL + read_le32(bytes.subspan(skipped + 4));
        if (size > bytes.size() - skipped) {
            break;
        }
        skipped += static_cast<std::size_t>(size);
    }
    return skipped;
}

}  // namespace r8scan::decode
