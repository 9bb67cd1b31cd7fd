// Archives and compressed streams made at run time, for the recall table.
//
// Compressors are zlib and libarchive's filters; zip, PNG and PDF are laid out by hand, so that their oddities (data
// descriptors, a program in front, names in UTF-8) are ours to choose.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace r8scan::test {

struct PackedFile {
    std::string name;
    std::string content;
};

/// One gzip member (RFC 1952); with a name in its header where one is given.
[[nodiscard]] std::string gzip_of(std::string_view bytes, std::string_view name = "", int level = 6);

enum class Filter { bzip2, xz, zstd };
[[nodiscard]] std::string compressed(std::string_view bytes, Filter filter);

enum class ArchiveKind { ustar, pax, gnutar, seven_zip, ar_svr4, ar_bsd };
[[nodiscard]] std::string archive_of(const std::vector<PackedFile>& files, ArchiveKind kind);

struct ZipStyle {
    bool stored = false;
    bool descriptors = false;  // sizes behind the data, as a program that streams writes them
    std::string before;        // a program that unpacks itself; offsets count from its beginning
};
[[nodiscard]] std::string zip_of(const std::vector<PackedFile>& files, const ZipStyle& style = {});

/// A PNG of one pixel with a compressed text chunk: zTXt, or iTXt.
[[nodiscard]] std::string png_with(std::string_view text, bool international);

/// A document with one compressed stream, between others.
[[nodiscard]] std::string pdf_with(std::string_view stream);

}  // namespace r8scan::test
