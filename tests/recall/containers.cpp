// Writers of archives and compressed streams. See containers.h.
// zip: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, PNG: https://www.w3.org/TR/png/
#include "tests/recall/containers.h"

#include "tests/support/zlib_stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace r8scan::test {
namespace {

using namespace std::string_literals;

std::string little_endian(std::uint64_t value, std::size_t bytes)
{
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i) {
        out += static_cast<char>((value >> (8 * i)) & 0xffU);
    }
    return out;
}

std::string big_endian_32(std::uint64_t value)
{
    const auto reversed = little_endian(value, 4);
    return {reversed.rbegin(), reversed.rend()};
}

std::uint64_t crc_of(std::string_view bytes)
{
    return crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
}

// Deflate (RFC 1951) without a frame.
std::string raw_deflate(std::string_view bytes, int level)
{
    z_stream stream{};
    if (deflateInit2(&stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("deflateInit2");
    }
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const auto ended = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (ended != Z_STREAM_END) {
        throw std::runtime_error("deflate");
    }
    return out;
}

// ---- libarchive

struct FreeArchive {
    void operator()(archive* a) const { archive_write_free(a); }
};
struct FreeEntry {
    void operator()(archive_entry* e) const { archive_entry_free(e); }
};

la_ssize_t append(archive*, void* out, const void* bytes, size_t size)
{
    static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
}

template <typename Set>
std::string written(const std::vector<PackedFile>& files, Set set)
{
    std::string out;
    const std::unique_ptr<archive, FreeArchive> writer(archive_write_new());
    const auto check = [&](la_ssize_t result) {
        if (result < ARCHIVE_OK) {
            throw std::runtime_error("libarchive: "s + archive_error_string(writer.get()));
        }
    };
    check(set(writer.get()));
    check(archive_write_set_bytes_in_last_block(writer.get(), 1));
    check(archive_write_open(writer.get(), &out, nullptr, append, nullptr));
    for (const auto& file : files) {
        const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
        archive_entry_set_pathname(entry.get(), file.name.c_str());
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content.size()));
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0644);
        archive_entry_set_mtime(entry.get(), 1700000000, 0);
        check(archive_write_header(writer.get(), entry.get()));
        check(archive_write_data(writer.get(), file.content.data(), file.content.size()));
    }
    check(archive_write_close(writer.get()));
    return out;
}

// ---- PNG

std::string chunk(std::string_view type, std::string_view data)
{
    const auto named = std::string(type) + std::string(data);
    return big_endian_32(data.size()) + named + big_endian_32(crc_of(named));
}

}  // namespace

std::string gzip_of(std::string_view bytes, std::string_view name, int level)
{
    auto header = "\x1f\x8b\x08"s + (name.empty() ? '\0' : '\x08') + little_endian(1700000000, 4) + "\0\x03"s;
    if (!name.empty()) {
        header += std::string(name) + '\0';
    }
    return header + raw_deflate(bytes, level) + little_endian(crc_of(bytes), 4) + little_endian(bytes.size(), 4);
}

std::string compressed(std::string_view bytes, Filter filter)
{
    return written({{"data", std::string(bytes)}}, [&](archive* a) {
        const auto raw = archive_write_set_format_raw(a);
        switch (filter) {
            case Filter::bzip2:
                return std::min(raw, archive_write_add_filter_bzip2(a));
            case Filter::xz:
                return std::min({raw, archive_write_add_filter_xz(a),
                                 archive_write_set_filter_option(a, "xz", "compression-level", "1")});
            case Filter::zstd:
                return std::min(raw, archive_write_add_filter_zstd(a));
        }
        return ARCHIVE_FATAL;
    });
}

std::string archive_of(const std::vector<PackedFile>& files, ArchiveKind kind)
{
    return written(files, [&](archive* a) {
        switch (kind) {
            case ArchiveKind::ustar:
                return archive_write_set_format_ustar(a);
            case ArchiveKind::pax:
                return archive_write_set_format_pax(a);
            case ArchiveKind::gnutar:
                return archive_write_set_format_gnutar(a);
            case ArchiveKind::seven_zip:
                return archive_write_set_format_7zip(a);
            case ArchiveKind::ar_svr4:
                return archive_write_set_format_ar_svr4(a);
            case ArchiveKind::ar_bsd:
                return archive_write_set_format_ar_bsd(a);
        }
        return ARCHIVE_FATAL;
    });
}

std::string zip_of(const std::vector<PackedFile>& files, const ZipStyle& style)
{
    constexpr std::uint64_t names_are_utf8 = 0x800;
    constexpr std::uint64_t sizes_follow = 0x8;
    constexpr std::uint64_t date = 0x5a21;
    auto out = style.before;
    std::string directory;
    for (const auto& file : files) {
        const auto data = style.stored ? file.content : raw_deflate(file.content, 6);
        const auto method = little_endian(style.stored ? 0 : 8, 2);
        const auto flags = little_endian(names_are_utf8 | (style.descriptors ? sizes_follow : 0), 2);
        const auto sums = little_endian(crc_of(file.content), 4) + little_endian(data.size(), 4) +
                          little_endian(file.content.size(), 4);
        const auto start = little_endian(20, 2) + flags + method + little_endian(0, 2) + little_endian(date, 2);
        const auto name_size = little_endian(file.name.size(), 2);
        const auto offset = out.size();
        out += "PK\x03\x04" + start + (style.descriptors ? std::string(12, '\0') : sums) + name_size + "\0\0"s +
               file.name + data + (style.descriptors ? "PK\x07\x08" + sums : "");
        directory += "PK\x01\x02" + little_endian(0x031e, 2) + start + sums + name_size + std::string(8, '\0') +
                     little_endian(0100644U << 16U, 4) + little_endian(offset, 4) + file.name;
    }
    const auto count = little_endian(files.size(), 2);
    const auto begin = out.size();
    return out + directory + "PK\x05\x06" + "\0\0\0\0"s + count + count + little_endian(directory.size(), 4) +
           little_endian(begin, 4) + "\0\0"s;
}

std::string png_with(std::string_view text, bool international)
{
    const auto packed = deflated(text);
    const auto text_chunk =
        international ? chunk("iTXt", "Comment\0\1\0en\0\0"s + packed) : chunk("zTXt", "Comment\0\0"s + packed);
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", big_endian_32(1) + big_endian_32(1) + "\x08\0\0\0\0"s) + text_chunk +
           chunk("IDAT", deflated("\0\x7f"s)) + chunk("IEND", "");
}

std::string pdf_with(std::string_view stream)
{
    std::string out = "%PDF-1.5\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n";
    auto number = 4;
    for (const std::string_view data :
         {std::string_view("q 1 0 0 1 72 720 cm Q"), stream, std::string_view("0 0 m S")}) {
        const auto packed = deflated(data);
        out += std::to_string(number++) + " 0 obj\n<< /Length " + std::to_string(packed.size()) +
               " /Filter /FlateDecode >>\nstream\n" + packed + "\nendstream\nendobj\n";
    }
    return out + "trailer\n<< /Root 1 0 R /Size 7 >>\nstartxref\n0\n%%EOF\n";
}

}  // namespace r8scan::test
