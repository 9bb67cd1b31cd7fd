// Archives with named members, by libarchive: tar, ar, 7z, rar, and the passes over a zip that zip.h makes.
//
// A cheap look at the header comes first: setting up a reader for every magic in random bytes would cost more than the
// scan. https://github.com/libarchive/libarchive/wiki
#pragma once

#include "decode/archive_reader.h"
#include "decode/container.h"
#include "decode/expansion.h"

#include <optional>

namespace r8scan::decode {

ContainerEnd open_archive(ContainerKind kind, Bytes content, std::uint64_t begin, Budget& budget,
                          const ContainerCallbacks& callbacks);

/// One pass over an archive.
struct ArchivePass {
    ArchiveFormat format = ArchiveFormat::tar;
    Bytes content;           // begins where the archive's own offsets count from
    std::int64_t shift = 0;  // added to a member's offset in it, gives the offset that is handed on
    /// Bytes that may be read for a member's header beside its data; libarchive holds what they expand to in memory.
    std::optional<std::uint64_t> first_header_bytes = {};
    /// For zip: what libarchive does not tell of the member whose data begin at this offset of `content`.
    struct Place {
        std::uint64_t offset = 0;  // of the member's header
        std::string name;          // raw
    };
    std::function<std::optional<Place>(std::uint64_t data_begin)> place = {};
    /// Tries to get more out of a member whose data broke the pass, into `expansion`; false where stop was asked.
    std::function<bool(std::uint64_t data_begin, Expansion& expansion)> salvage = {};
};

struct ArchivePassEnd {
    enum class Why { complete, broken, cut, stopped };
    Why why = Why::complete;
    std::uint64_t position = 0;    // in `content`: where reading ended; where broken, the header of the broken part
    std::uint64_t data_begin = 0;  // in `content`: where the last member's data begin; 0 where there was none
    bool named = false;            // what broke or cut it has been told
    std::string what;              // how the pass broke
};

ArchivePassEnd run_archive_pass(const ArchivePass& pass, Budget& budget, Expansion& expansion,
                                const ContainerCallbacks& callbacks);

/// Names how a pass broke, unless that has been told.
void tell_unread(const ContainerCallbacks& callbacks, const ArchivePassEnd& pass);

}  // namespace r8scan::decode
