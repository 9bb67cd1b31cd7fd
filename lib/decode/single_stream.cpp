#include "decode/single_stream.h"

#include "decode/bzip2_stream.h"
#include "decode/container_magic.h"
#include "decode/deflate_stream.h"
#include "decode/xz_stream.h"
#include "decode/zstd_stream.h"

#include <algorithm>
#include <memory>

namespace r8scan::decode {

namespace {

// A broken stream that gave less than this was noise, unless its header says otherwise. No token fits into 32 bytes.
constexpr std::size_t surely_meant = 1024;
constexpr std::size_t holds_nothing = 32;

// Trying bytes that turn out to be noise costs up to 10 us. So much of the budget is taken for it that only content
// made to hurt, with hundreds of thousands of such places, uses it up.
constexpr std::uint64_t price_of_noise = 4096;

std::unique_ptr<StreamDecoder> decoder_of(ContainerKind kind)
{
    switch (kind) {
        case ContainerKind::gzip: return std::make_unique<DeflateDecoder>(DeflateDecoder::Wrapping::gzip);
        case ContainerKind::zlib: return std::make_unique<DeflateDecoder>(DeflateDecoder::Wrapping::zlib);
        case ContainerKind::bzip2: return std::make_unique<Bzip2Decoder>();
        case ContainerKind::xz: return std::make_unique<XzDecoder>();
        case ContainerKind::zstd: return std::make_unique<ZstdDecoder>();
        default: return nullptr;
    }
}

/// A look at the header, before anything is set aside for decoding.
bool may_begin(ContainerKind kind, Bytes rest)
{
    switch (kind) {
        case ContainerKind::gzip: return may_be_gzip(rest);
        case ContainerKind::zlib: return begins_as_zlib(rest);
        case ContainerKind::bzip2: return may_be_bzip2(rest);
        case ContainerKind::xz: return is_xz(rest);
        case ContainerKind::zstd: return may_be_zstd(rest);
        default: return false;
    }
}

/// Whether what was expanded so far shows that a stream was meant, not bytes that look like its beginning.
bool was_meant(ContainerKind kind, Bytes rest, const Expanded& expanded)
{
    if (expanded.end == Expanded::End::whole || expanded.written >= surely_meant) {
        return kind != ContainerKind::zstd || expanded.end == Expanded::End::whole ||
               is_surely_zstd(rest, expanded.written);
    }
    const bool broke = expanded.end == Expanded::End::corrupt;
    switch (kind) {
        case ContainerKind::gzip: return is_usual_gzip(rest) && (!broke || expanded.written >= holds_nothing);
        case ContainerKind::zlib: return !broke && expanded.written >= holds_nothing;
        case ContainerKind::zstd: return is_surely_zstd(rest, expanded.written);
        default: return true;  // the header itself is proof enough
    }
}

/// What may stand between two joined members and behind the last: xz pads with zeros to a multiple of four.
std::size_t padding(ContainerKind kind, Bytes rest)
{
    if (kind == ContainerKind::zstd) {
        return skippable_zstd(rest);
    }
    if (kind != ContainerKind::xz) {
        return 0;
    }
    const auto text = rest.begin();
    const auto zeros = std::find_if(text, rest.end(), [](std::byte byte) { return byte != std::byte{}; }) - text;
    return static_cast<std::size_t>(zeros) / 4 * 4;
}

}  // namespace

ContainerEnd open_single_stream(ContainerKind kind, Bytes content, std::uint64_t begin, Budget& budget,
                                const ContainerCallbacks& callbacks)
{
    const auto first = static_cast<std::size_t>(begin);
    if (!may_begin(kind, content.subspan(first))) {
        return {begin, false};
    }
    const auto decoder = decoder_of(kind);
    Expansion expansion(budget);
    ContainerEnd result{begin, false};
    Expanded expanded;
    std::size_t at = first;
    do {
        const Bytes rest = content.subspan(at);
        const std::size_t before = expansion.content().size();
        auto next = expand(*decoder, rest, expansion, callbacks);
        if (!was_meant(kind, rest, next)) {
            expansion.shrink(before);
            expansion.charge(price_of_noise, 0);
            break;
        }
        result.recognised = true;
        expanded = std::move(next);
        // Behind a break another member may begin, which the caller then finds by its magic.
        at += expanded.end == Expanded::End::corrupt ? 2 : expanded.read;
        result.end = at;
        if (expanded.end != Expanded::End::whole || kind == ContainerKind::zlib) {
            break;
        }
        at += padding(kind, content.subspan(at));
    } while (may_begin(kind, content.subspan(at)));

    if (!result.recognised || expanded.end == Expanded::End::stopped) {
        return result;
    }
    if (budget.members == 0) {
        tell_unread(callbacks, Unread::limit, "", "the limit of members is reached");
        return result;
    }
    --budget.members;
    if (hand_on(expansion, "", 0, callbacks)) {
        tell_unread(callbacks, expanded, "");
    }
    return result;
}

}  // namespace r8scan::decode
