#include "git/inflate.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <vector>

namespace r8scan::git {

void Inflater::Free::operator()(libdeflate_decompressor* decompressor) const
{
    libdeflate_free_decompressor(decompressor);
}

Inflater::Inflater() : m_decompressor(libdeflate_alloc_decompressor())
{
    if (!m_decompressor) {
        throw std::bad_alloc();
    }
}

Result<void> Inflater::inflate(Bytes stream, std::span<std::byte> out)
{
    const auto used = inflate_front(stream, out);
    return used ? Result<void>() : used.error();
}

Result<std::size_t> Inflater::inflate_front(Bytes stream, std::span<std::byte> out)
{
    // libdeflate must not be given a null output even for an empty object.
    std::byte nothing{};
    std::byte* target = out.empty() ? &nothing : out.data();
    std::size_t used = 0;
    std::size_t actual = 0;
    const auto status = libdeflate_zlib_decompress_ex(m_decompressor.get(), stream.data(), stream.size(), target,
                                                      out.size(), &used, &actual);
    switch (status) {
        case LIBDEFLATE_SUCCESS:
            if (actual == out.size()) {
                return used;
            }
            [[fallthrough]];
        case LIBDEFLATE_SHORT_OUTPUT:
            return Error(ErrorCode::damaged, "zlib: stream is shorter than the declared size");
        case LIBDEFLATE_INSUFFICIENT_SPACE:
            return Error(ErrorCode::damaged, "zlib: stream is longer than the declared size");
        case LIBDEFLATE_BAD_DATA: break;
    }
    return Error(ErrorCode::damaged, "zlib: invalid stream");
}

namespace {

// A zlib stream being inflated; ends itself.
class ZlibStream {
public:
    explicit ZlibStream(Bytes stream) : m_rest(stream)
    {
        if (inflateInit(&m_state) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    ~ZlibStream() { inflateEnd(&m_state); }
    ZlibStream(const ZlibStream&) = delete;
    ZlibStream& operator=(const ZlibStream&) = delete;

    /// Fills as much of out as the stream has; sets ended() at its proper end.
    Result<std::size_t> fill(std::span<std::byte> out)
    {
        m_state.next_out = reinterpret_cast<Bytef*>(out.data());
        m_state.avail_out = static_cast<uInt>(out.size());
        while (m_state.avail_out != 0 && !m_ended) {
            if (m_state.avail_in == 0) {
                const auto piece = std::min<std::size_t>(m_rest.size(), std::numeric_limits<uInt>::max());
                m_state.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(m_rest.data()));
                m_state.avail_in = static_cast<uInt>(piece);
                m_rest = m_rest.subspan(piece);
            }
            const int status = ::inflate(&m_state, Z_NO_FLUSH);
            if (status == Z_STREAM_END) {
                m_ended = true;
            } else if (status == Z_BUF_ERROR && m_state.avail_in == 0 && m_rest.empty()) {
                break;  // cut off: the caller sees a short count
            } else if (status == Z_MEM_ERROR) {
                throw std::bad_alloc();  // zlib makes its window late; nothing is wrong with the stream
            } else if (status != Z_OK) {
                return Error(ErrorCode::damaged,
                             std::string("zlib: ") + (m_state.msg != nullptr ? m_state.msg : "invalid stream"));
            }
        }
        return out.size() - m_state.avail_out;
    }
    [[nodiscard]] bool ended() const { return m_ended; }

private:
    z_stream m_state{};
    Bytes m_rest;
    bool m_ended = false;
};

}  // namespace

Result<void> inflate_in_windows(Bytes stream, std::uint64_t size, std::size_t window_size,
                                const std::function<bool(Bytes)>& consume)
{
    ZlibStream zlib(stream);
    std::vector<std::byte> window(window_size);
    for (std::uint64_t left = size; left != 0;) {
        const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(left, window_size));
        auto got = zlib.fill(std::span(window).first(want));
        if (!got) {
            return got.error();
        }
        if (*got != want) {
            return Error(ErrorCode::damaged, "zlib: stream is shorter than the declared size");
        }
        if (!consume(Bytes(window).first(want))) {
            return {};
        }
        left -= want;
    }
    std::byte extra{};
    auto more = zlib.fill({&extra, 1});
    if (!more) {
        return more.error();
    }
    if (*more != 0 || !zlib.ended()) {
        return Error(ErrorCode::damaged, "zlib: stream does not end at the declared size");
    }
    return {};
}

Result<std::size_t> inflate_prefix(Bytes stream, std::span<std::byte> out)
{
    return ZlibStream(stream).fill(out);
}

}  // namespace r8scan::git
