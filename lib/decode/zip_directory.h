// Where things stand in a zip: local headers, the central directory and its end. libarchive reads the members; this
// finds out where the archive begins and ends inside other bytes, which libarchive takes for known.
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
#pragma once

#include "util/bytes.h"

#include <optional>
#include <string>

namespace r8scan::decode {

/// The part of a local header that says something of the data behind it.
struct ZipLocalHeader {
    std::uint64_t offset = 0;
    std::uint64_t data_begin = 0;
    std::uint64_t compressed_size = 0;  // 0 where it is not stated here
    unsigned method = 0;
    bool encrypted = false;
    std::string_view name;  // lives as long as the content
};

/// The local header at `offset`; nothing where none can be there: wrong signature, unknown method, no name.
[[nodiscard]] std::optional<ZipLocalHeader> zip_local_header(Bytes content, std::uint64_t offset);

/// The local header whose data begin at `data_begin`, or end there: libarchive has already read a link's target.
/// Nothing where it is not within 4 KiB.
[[nodiscard]] std::optional<ZipLocalHeader> zip_local_header_before(Bytes content, std::uint64_t data_begin);

/// The archive's bytes inside the content: its offsets count from `base`, which may be before the first local header.
struct ZipWindow {
    std::uint64_t base = 0;
    std::uint64_t end = 0;
};

/// The window of the archive that has a local header at `begin`, if its directory's end stands within the last 64 KiB
/// of the content (as programs search it) and its directory names that header. Looks at a bounded number of bytes.
[[nodiscard]] std::optional<ZipWindow> find_zip_window(Bytes content, std::uint64_t begin);

/// The end of the central directory whose first entry stands at or behind `at`; `at` where there is none.
[[nodiscard]] std::uint64_t zip_directory_end(Bytes content, std::uint64_t at);

/// The next local header at or behind `at`, unread but for its signature.
[[nodiscard]] std::optional<std::uint64_t> next_zip_signature(Bytes content, std::uint64_t at);

}  // namespace r8scan::decode
