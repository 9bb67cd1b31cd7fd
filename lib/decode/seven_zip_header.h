// What a 7z archive asks of its reader's memory, read before libarchive sees it: libarchive takes the sizes in the
// header on trust where it expands things whole (the header itself, the side streams of BCJ2).
// https://github.com/ip7z/7zip/blob/main/DOC/7zFormat.txt
#pragma once

#include "util/bytes.h"

#include <string>

namespace r8scan::decode {

struct SevenZipHeader {
    std::uint64_t size = 0;          // of the archive; 0 where its end is not in the content
    std::uint64_t header_bytes = 0;  // compressed bytes of the header
    bool too_large = false;          // would take too much memory
    bool unsupported = false;        // the header is packed in a way that we cannot look into
};

/// Reads the header of the archive that begins `content`. Damage is left for libarchive to tell.
[[nodiscard]] SevenZipHeader read_seven_zip_header(Bytes content);

}  // namespace r8scan::decode
