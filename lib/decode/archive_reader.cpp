#include "decode/archive_reader.h"

#include <archive.h>
#include <locale.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <new>

namespace r8scan::decode {

namespace {

extern "C" la_ssize_t r8scan_archive_read(archive* reader, void* data, const void** piece)
{
    auto& source = *static_cast<ArchiveSource*>(data);
    const Bytes bytes = source.next();
    if (source.stopped || source.handed > source.allowed) {
        archive_set_error(reader, EINTR, source.stopped ? "stopped" : "reads too much for what it states");
        return -1;
    }
    *piece = bytes.data();
    return static_cast<la_ssize_t>(bytes.size());
}

extern "C" la_int64_t r8scan_archive_skip(archive*, void* data, la_int64_t count)
{
    auto& source = *static_cast<ArchiveSource*>(data);
    const std::uint64_t left = source.content.size() - std::min<std::uint64_t>(source.at, source.content.size());
    const auto skipped = std::min(left, static_cast<std::uint64_t>(std::max<la_int64_t>(count, 0)));
    source.at += skipped;
    return static_cast<la_int64_t>(skipped);
}

extern "C" la_int64_t r8scan_archive_seek(archive*, void* data, la_int64_t offset, int whence)
{
    auto& source = *static_cast<ArchiveSource*>(data);
    const auto size = static_cast<la_int64_t>(source.content.size());
    const la_int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? static_cast<la_int64_t>(source.at) : size;
    if (offset < -from || offset > size - from) {
        return ARCHIVE_FATAL;
    }
    source.at = static_cast<std::uint64_t>(from + offset);
    return from + offset;
}

void enable(archive* reader, ArchiveFormat format)
{
    switch (format) {
        case ArchiveFormat::seven_zip: archive_read_support_format_7zip(reader); break;
        case ArchiveFormat::tar: archive_read_support_format_tar(reader); break;
        case ArchiveFormat::ar: archive_read_support_format_ar(reader); break;
        case ArchiveFormat::rar:
            archive_read_support_format_rar(reader);
            archive_read_support_format_rar5(reader);
            break;
        case ArchiveFormat::zip_by_directory: archive_read_support_format_zip_seekable(reader); break;
        case ArchiveFormat::zip_by_headers: archive_read_support_format_zip_streamable(reader); break;
    }
}

}  // namespace

Bytes ArchiveSource::next() noexcept
{
    try {
        stopped = stopped || (callbacks->stop && callbacks->stop());
    } catch (...) {  // no exception may pass libarchive
        stopped = true;
    }
    const Bytes rest = content.subspan(static_cast<std::size_t>(std::min<std::uint64_t>(at, content.size())));
    const Bytes piece = stopped ? Bytes() : rest.first(std::min(rest.size(), window));
    at += piece.size();
    handed += piece.size();
    return piece;
}

void FreeArchive::operator()(archive* reader) const
{
    archive_read_free(reader);
}

UniqueArchive new_reader(ArchiveFormat format, ArchiveSource& source)
{
    UniqueArchive reader(archive_read_new());
    if (!reader) {
        throw std::bad_alloc();
    }
    enable(reader.get(), format);
    archive_read_set_read_callback(reader.get(), r8scan_archive_read);
    archive_read_set_skip_callback(reader.get(), r8scan_archive_skip);
    archive_read_set_seek_callback(reader.get(), r8scan_archive_seek);
    archive_read_set_callback_data(reader.get(), &source);
    return reader;
}

struct Utf8Names::Locale {
    locale_t utf8 = nullptr;
    locale_t before = nullptr;
};

Utf8Names::Utf8Names() : m_locale(std::make_unique<Locale>())
{
    m_locale->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (m_locale->utf8 != nullptr) {
        m_locale->before = uselocale(m_locale->utf8);
    }
}

Utf8Names::~Utf8Names()
{
    if (m_locale->utf8 != nullptr) {
        uselocale(m_locale->before);
        freelocale(m_locale->utf8);
    }
}

}  // namespace r8scan::decode
