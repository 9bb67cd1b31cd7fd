#include "decode/xz_stream.h"

#include <lzma.h>

#include <new>

namespace r8scan::decode {

namespace {

// xz -9 needs 65 MiB to decode. A larger dictionary is a stranger's wish for our memory.
constexpr std::uint64_t memory_limit = 256U << 20U;

}  // namespace

struct XzDecoder::Stream {
    Stream() = default;
    ~Stream() { lzma_end(&stream); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    lzma_stream stream = LZMA_STREAM_INIT;
};

XzDecoder::XzDecoder() = default;
XzDecoder::~XzDecoder() = default;

void XzDecoder::begin()
{
    if (!m_state) {
        m_state = std::make_unique<Stream>();
    }
    if (lzma_stream_decoder(&m_state->stream, memory_limit, LZMA_TELL_UNSUPPORTED_CHECK) != LZMA_OK) {
        throw std::bad_alloc();
    }
}

StreamDecoder::Step XzDecoder::step(Bytes in, std::span<std::byte> out)
{
    lzma_stream& stream = m_state->stream;
    std::uint8_t nothing = 0;
    stream.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    stream.avail_in = in.size();
    stream.next_out = out.empty() ? &nothing : reinterpret_cast<std::uint8_t*>(out.data());
    stream.avail_out = out.size();
    lzma_ret status = LZMA_OK;
    do {  // an unknown checksum is told once and then not checked
        status = lzma_code(&stream, LZMA_RUN);
    } while (status == LZMA_UNSUPPORTED_CHECK);
    Step step{in.size() - stream.avail_in, out.size() - stream.avail_out, State::more, ""};
    switch (status) {
        case LZMA_OK:
        case LZMA_BUF_ERROR: break;
        case LZMA_STREAM_END: step.state = State::ended; break;
        case LZMA_MEM_ERROR: throw std::bad_alloc();
        case LZMA_MEMLIMIT_ERROR:
            step.state = State::too_large;
            step.what = "needs more than 256 MiB to decode";
            break;
        case LZMA_OPTIONS_ERROR:
            step.state = State::unsupported;
            step.what = "unknown filter or option";
            break;
        default: step.state = State::corrupt; step.what = "invalid stream";
    }
    return step;
}

bool is_xz(Bytes head)
{
    lzma_stream_flags flags{};
    return head.size() >= LZMA_STREAM_HEADER_SIZE &&
           lzma_stream_header_decode(&flags, reinterpret_cast<const std::uint8_t*>(head.data())) == LZMA_OK;
}

}  // namespace r8scan::decode
