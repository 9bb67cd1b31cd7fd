#include "decode/container.h"

#include "decode/archive.h"
#include "decode/expansion.h"
#include "decode/pdf.h"
#include "decode/png.h"
#include "decode/single_stream.h"
#include "decode/zip.h"

#include <algorithm>
#include <new>
#include <utility>

namespace r8scan::decode {

namespace {

ContainerEnd dispatch(ContainerKind kind, Bytes content, std::uint64_t begin, Budget& budget,
                      const ContainerCallbacks& callbacks)
{
    switch (kind) {
        case ContainerKind::gzip:
        case ContainerKind::bzip2:
        case ContainerKind::xz:
        case ContainerKind::zstd:
        case ContainerKind::zlib: return open_single_stream(kind, content, begin, budget, callbacks);
        case ContainerKind::zip: return open_zip(content, begin, budget, callbacks);
        case ContainerKind::seven_zip:
        case ContainerKind::tar:
        case ContainerKind::ar:
        case ContainerKind::rar: return open_archive(kind, content, begin, budget, callbacks);
        case ContainerKind::pdf: return open_pdf(content, begin, budget, callbacks);
        case ContainerKind::png: return open_png(content, begin, budget, callbacks);
        case ContainerKind::git_pack: break;
    }
    return {begin, false};
}

}  // namespace

const char* to_string(ContainerKind kind)
{
    switch (kind) {
        case ContainerKind::gzip: return "gzip";
        case ContainerKind::bzip2: return "bzip2";
        case ContainerKind::xz: return "xz";
        case ContainerKind::zstd: return "zstd";
        case ContainerKind::zlib: return "zlib";
        case ContainerKind::zip: return "zip";
        case ContainerKind::seven_zip: return "7z";
        case ContainerKind::tar: return "tar";
        case ContainerKind::ar: return "ar";
        case ContainerKind::rar: return "rar";
        case ContainerKind::pdf: return "pdf";
        case ContainerKind::png: return "png";
        case ContainerKind::git_pack: return "git-pack";
    }
    return "container";
}

ContainerEnd open_container(ContainerKind kind, Bytes content, std::uint64_t begin, Budget& budget,
                            const ContainerCallbacks& callbacks)
{
    if (begin >= content.size()) {
        return {begin, false};
    }
    if (budget.bytes == 0 || budget.members == 0) {
        // Nothing more will be opened in this blob: that is told once, not for each of a million magics.
        if (!std::exchange(budget.exhaustion_told, true)) {
            tell_unread(callbacks, Unread::limit, "", "not opened, the limits are used up");
        }
        return {content.size(), true};
    }
    try {
        const auto members = budget.members;
        auto result = dispatch(kind, content, begin, budget, callbacks);
        if (result.recognised && budget.members == members) {
            --budget.members;  // opening costs something even where nothing is inside
        }
        result.end = std::clamp<std::uint64_t>(result.end, begin, content.size());
        return result;
    } catch (const std::bad_alloc&) {
        // Memory that cannot be had costs the container, not the scan.
        tell_unread(callbacks, Unread::limit, "", "memory for it could not be had");
        return {begin, true};
    }
}

}  // namespace r8scan::decode
