#include "decode/bzip2_stream.h"

#include <bzlib.h>

#include <new>

namespace r8scan::decode {

struct Bzip2Decoder::Stream {
    Stream()
    {
        if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) {
            throw std::bad_alloc();
        }
    }
    ~Stream() { BZ2_bzDecompressEnd(&stream); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    bz_stream stream{};
};

Bzip2Decoder::Bzip2Decoder() = default;
Bzip2Decoder::~Bzip2Decoder() = default;

void Bzip2Decoder::begin()
{
    m_state.reset();
    m_state = std::make_unique<Stream>();
}

StreamDecoder::Step Bzip2Decoder::step(Bytes in, std::span<std::byte> out)
{
    bz_stream& stream = m_state->stream;
    char nothing = 0;
    stream.next_in = const_cast<char*>(reinterpret_cast<const char*>(in.data()));
    stream.avail_in = static_cast<unsigned>(in.size());
    stream.next_out = out.empty() ? &nothing : reinterpret_cast<char*>(out.data());
    stream.avail_out = static_cast<unsigned>(out.size());
    const int status = BZ2_bzDecompress(&stream);
    Step step{in.size() - stream.avail_in, out.size() - stream.avail_out, State::more, ""};
    if (status == BZ_STREAM_END) {
        step.state = State::ended;
    } else if (status == BZ_MEM_ERROR) {
        throw std::bad_alloc();
    } else if (status != BZ_OK) {
        step.state = State::corrupt;
        step.what = "invalid stream";
    }
    return step;
}

bool may_be_bzip2(Bytes head)
{
    // "BZh" level, block magic (6 bytes), checksum (4 bytes), then a bit for randomised and 24 bits of a start.
    if (head.size() < 18 || !as_text(head).starts_with("BZh") || as_text(head).substr(4, 6) != "1AY&SY") {
        return false;
    }
    const auto level = std::to_integer<unsigned>(head[3]) - '0';
    const std::uint32_t bits = read_be32(head.data() + 14);
    return level >= 1 && level <= 9 && bits >> 31U == 0 && (bits >> 7U) < level * 100'000;
}

}  // namespace r8scan::decode
