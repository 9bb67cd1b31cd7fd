#include "decode/deflate_stream.h"

#include <zlib.h>

#include <new>

namespace r8scan::decode {

namespace {

int window_bits(DeflateDecoder::Wrapping wrapping)
{
    switch (wrapping) {
        case DeflateDecoder::Wrapping::gzip: return MAX_WBITS + 16;
        case DeflateDecoder::Wrapping::zlib: return MAX_WBITS;
        case DeflateDecoder::Wrapping::none: break;
    }
    return -MAX_WBITS;
}

}  // namespace

void DeflateDecoder::End::operator()(z_stream_s* stream) const
{
    inflateEnd(stream);
    std::default_delete<z_stream_s>()(stream);
}

void DeflateDecoder::begin()
{
    if (m_stream) {
        inflateReset(m_stream.get());
        return;
    }
    auto stream = std::make_unique<z_stream_s>();
    if (inflateInit2(stream.get(), window_bits(m_wrapping)) != Z_OK) {
        throw std::bad_alloc();
    }
    m_stream.reset(stream.release());
}

StreamDecoder::Step DeflateDecoder::step(Bytes in, std::span<std::byte> out)
{
    Bytef nothing = 0;  // zlib wants a place to write to even where there is no room
    m_stream->next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data()));
    m_stream->avail_in = static_cast<uInt>(in.size());
    m_stream->next_out = out.empty() ? &nothing : reinterpret_cast<Bytef*>(out.data());
    m_stream->avail_out = static_cast<uInt>(out.size());
    const int status = ::inflate(m_stream.get(), Z_NO_FLUSH);
    Step step{in.size() - m_stream->avail_in, out.size() - m_stream->avail_out, State::more, ""};
    switch (status) {
        case Z_OK:
        case Z_BUF_ERROR: break;  // no progress: the loop sees why
        case Z_STREAM_END: step.state = State::ended; break;
        case Z_NEED_DICT:
            step.state = State::unsupported;
            step.what = "needs a dictionary";
            break;
        case Z_MEM_ERROR: throw std::bad_alloc();
        default:
            step.state = State::corrupt;
            step.what = m_stream->msg != nullptr ? m_stream->msg : "invalid stream";
    }
    return step;
}

bool may_be_gzip(Bytes head)
{
    return head.size() >= 10 && as_text(head).starts_with("\x1f\x8b\x08") && (head[3] & std::byte{0xe0}) == std::byte{};
}

bool is_usual_gzip(Bytes head)
{
    if (!may_be_gzip(head)) {
        return false;
    }
    const auto extra = std::to_integer<unsigned>(head[8]);
    const auto system = std::to_integer<unsigned>(head[9]);
    return (extra == 0 || extra == 2 || extra == 4) && (system <= 13 || system == 255);
}

}  // namespace r8scan::decode
