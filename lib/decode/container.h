// Containers: files that hold other byte streams (archives, compressed files, PDF, PNG, git packs).
//
// A container is recognised by its magic at some offset of a stream and handed to open_container(), which hands each
// inner stream to the caller, one level deep: what to do with an inner stream that is a container itself is the
// caller's. Limits are counted in a Budget that all containers of one blob share, however deep; whoever hits one says
// so and stops.
#pragma once

#include "util/bytes.h"

#include <cstdint>
#include <functional>
#include <string>

namespace r8scan::decode {

enum class ContainerKind : std::uint8_t {
    gzip, bzip2, xz, zstd, zlib,            // one stream (gzip and others: all members joined)
    zip, seven_zip, tar, ar, rar,           // members with names
    pdf, png,                               // streams without names
    git_pack,                               // recognised here, opened by the engine, which has a reader for packs
};

/// The layer's name in a finding's `encoding`: "gzip", "zip", "7z", "tar", "pdf", …
[[nodiscard]] const char* to_string(ContainerKind kind);

/// What may still be used up for one blob. Members are spent by open_container; the caller sets it up once a blob.
struct Budget {
    std::uint64_t bytes = 1ULL << 30U;       // expanded bytes in all, over all layers
    std::uint64_t members = 100'000;
    std::uint64_t member_in_memory = 256ULL << 20U;  // of a larger member so much is handed on, and it is named
    bool exhaustion_told = false;  // set by open_container when it first refuses because nothing is left
};

struct Member {
    std::string name;                 // raw bytes of the path inside; empty where the format has no names
    std::uint64_t outer_offset = 0;   // where the member (its header) begins, counted from `begin`, best known
    Bytes content;                    // lives until the callback returns
};

/// Why something inside was not read.
enum class Unread : std::uint8_t {
    limit,       // a limit cut it: the scan is incomplete
    encrypted,   // needs a password
    corrupt,     // does not follow its format
    unsupported, // a method that no library here knows
};

struct ContainerCallbacks {
    /// One inner stream. False stops.
    std::function<bool(const Member& member)> member;
    /// Something that was not read: why, where ("dir/b.txt"; empty for the container itself) and what was wrong.
    std::function<void(Unread why, const std::string& name, const std::string& what)> unread;
    /// Asked now and then; true stops.
    std::function<bool()> stop;
};

struct ContainerEnd {
    std::uint64_t end = 0;      // offset behind the last byte that belongs to the container, best known; at least begin
    bool recognised = false;    // false: those bytes only looked like a container, nothing was handed on or named
};

/// Opens the container of this kind that begins at content[begin] (for zip with something before it: at the first
/// local header). Never throws for bad input. Nothing is written anywhere, no program is run.
///
/// What can be had of a cut or broken member is handed on first, then it is named. Magics before `end` need not be tried
/// again; behind a break, `end` is where the next member or container may be found by its magic. The end of a PDF is
/// behind its own magic, because streams without a filter hold containers as any file does. Where the budget is used up
/// nothing is opened any more, which is told once and ends the content.
ContainerEnd open_container(ContainerKind kind, Bytes content, std::uint64_t begin, Budget& budget,
                            const ContainerCallbacks& callbacks);

}  // namespace r8scan::decode
