#include "decode/png.h"

#include "decode/deflate_stream.h"

#include <zlib.h>

#include <algorithm>

namespace r8scan::decode {

namespace {

using namespace std::literals;

constexpr std::size_t signature_size = 8;
constexpr std::size_t around_data = 12;  // length, type and checksum

struct Chunk {
    std::string_view type;
    Bytes data;
    std::uint64_t offset = 0;
    std::size_t size = 0;  // of all of it
    bool cut = false;
};

Chunk chunk_at(Bytes content, std::size_t at)
{
    const Bytes rest = content.subspan(at);
    if (rest.size() < 8) {
        return {{}, {}, at, rest.size(), true};
    }
    const std::size_t stated = read_be32(rest.data());
    const std::size_t size = std::min(stated, rest.size() - 8);
    const bool cut = rest.size() < around_data || stated > rest.size() - around_data;
    return {as_text(rest.subspan(4, 4)), rest.subspan(8, size), at, cut ? rest.size() : stated + around_data, cut};
}

// The first chunk is IHDR with 13 bytes and a right checksum: the signature alone also stands in programs.
bool has_header(Bytes png)
{
    if (png.size() < signature_size + around_data + 13) {
        return false;
    }
    const auto chunk = chunk_at(png, signature_size);
    const Bytes summed = png.subspan(signature_size + 4, 4 + 13);
    return as_text(png).starts_with("\x89PNG\r\n\x1a\n"sv) && chunk.type == "IHDR" && chunk.data.size() == 13 &&
           read_be32(png.data() + signature_size + 8 + 13) ==
               crc32(0, reinterpret_cast<const Bytef*>(summed.data()), static_cast<uInt>(summed.size()));
}

Bytes behind_zero(Bytes bytes)
{
    const auto zero = std::find(bytes.begin(), bytes.end(), std::byte{});
    return bytes.subspan(zero == bytes.end() ? bytes.size() : static_cast<std::size_t>(zero - bytes.begin()) + 1);
}

// The compressed part of a text chunk; empty for all others.
Bytes compressed_text(const Chunk& chunk)
{
    if (chunk.type == "zTXt") {
        const Bytes rest = behind_zero(chunk.data);
        return rest.empty() ? rest : rest.subspan(1);
    }
    if (chunk.type != "iTXt") {
        return {};
    }
    const Bytes rest = behind_zero(chunk.data);
    const bool compressed = rest.size() > 2 && rest[0] == std::byte{1};
    return compressed ? behind_zero(behind_zero(rest.subspan(2))) : Bytes();
}

bool is_chunk_type(std::string_view type)
{
    return type.size() == 4 && std::all_of(type.begin(), type.end(),
                                           [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

class Png {
public:
    Png(Bytes content, Budget& budget, const ContainerCallbacks& callbacks)
        : m_content(content),
          m_budget(budget),
          m_callbacks(callbacks),
          m_expansion(budget),
          m_decoder(DeflateDecoder::Wrapping::zlib)
    {
    }

    // Returns the image's end.
    std::size_t read(std::size_t at)
    {
        m_begin = at;
        for (at += signature_size; !stop_asked(m_callbacks);) {
            const auto chunk = chunk_at(m_content, at);
            if (!chunk.cut && !is_chunk_type(chunk.type)) {
                tell_unread(m_callbacks, Unread::corrupt, "", "invalid chunk");
                break;
            }
            at += chunk.size;
            const Bytes text = compressed_text(chunk);
            if (!text.empty() && !open_text(chunk, text)) {
                break;
            }
            if (chunk.cut) {
                tell_unread(m_callbacks, Unread::corrupt, "", "truncated");
                break;
            }
            if (chunk.type == "IEND") {
                break;
            }
        }
        return at;
    }

private:
    bool open_text(const Chunk& chunk, Bytes text)
    {
        if (m_budget.members == 0) {
            tell_unread(m_callbacks, Unread::limit, "", "the limit of members is reached");
            return false;
        }
        --m_budget.members;
        m_expansion.next_member();
        const auto expanded = expand(m_decoder, text, m_expansion, m_callbacks);
        if (expanded.end == Expanded::End::stopped || !hand_on(m_expansion, "", chunk.offset - m_begin, m_callbacks)) {
            return false;
        }
        tell_unread(m_callbacks, expanded, "");
        return true;
    }

    Bytes m_content;
    Budget& m_budget;
    const ContainerCallbacks& m_callbacks;
    Expansion m_expansion;
    DeflateDecoder m_decoder;
    std::size_t m_begin = 0;
};

}  // namespace

ContainerEnd open_png(Bytes content, std::uint64_t begin, Budget& budget, const ContainerCallbacks& callbacks)
{
    const auto first = static_cast<std::size_t>(begin);
    if (!has_header(content.subspan(first))) {
        return {begin, false};
    }
    return {Png(content, budget, callbacks).read(first), true};
}

}  // namespace r8scan::decode
