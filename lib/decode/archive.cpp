#include "decode/archive.h"

#include "decode/archive_header.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>

namespace r8scan::decode {

namespace {

// Small enough that the ratio is judged on what was really read.
constexpr std::size_t window = 64U << 10U;

struct FreeArchive {
    void operator()(archive* reader) const { archive_read_free(reader); }
};
using UniqueArchive = std::unique_ptr<archive, FreeArchive>;

// libarchive turns names that it knows as UTF-16 into the thread's locale. This one is the thread's alone, and for
// characters alone; where the system has none, such names stay empty.
class Utf8Names {
public:
    Utf8Names() : m_utf8(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr))
    {
        if (m_utf8 != nullptr) {
            m_before = uselocale(m_utf8);
        }
    }
    ~Utf8Names()
    {
        if (m_utf8 != nullptr) {
            uselocale(m_before);
            freelocale(m_utf8);
        }
    }
    Utf8Names(const Utf8Names&) = delete;
    Utf8Names& operator=(const Utf8Names&) = delete;

private:
    locale_t m_utf8;
    locale_t m_before = nullptr;
};

// The bytes that libarchive reads.
struct Source {
    Bytes content;
    const ContainerCallbacks* callbacks = nullptr;
    std::uint64_t at = 0;
    std::uint64_t handed = 0;  // bytes given out, for the ratio
    bool stopped = false;

    Bytes next() noexcept
    {
        try {
            stopped = stopped || stop_asked(*callbacks);
        } catch (...) {  // no exception may pass libarchive
            stopped = true;
        }
        const Bytes rest = content.subspan(static_cast<std::size_t>(std::min<std::uint64_t>(at, content.size())));
        const Bytes piece = stopped ? Bytes() : rest.first(std::min(rest.size(), window));
        at += piece.size();
        handed += piece.size();
        return piece;
    }
};

extern "C" la_ssize_t r8scan_archive_read(archive* reader, void* data, const void** piece)
{
    auto& source = *static_cast<Source*>(data);
    const Bytes bytes = source.next();
    if (source.stopped) {
        archive_set_error(reader, EINTR, "stopped");
        return -1;
    }
    *piece = bytes.data();
    return static_cast<la_ssize_t>(bytes.size());
}

extern "C" la_int64_t r8scan_archive_skip(archive*, void* data, la_int64_t count)
{
    auto& source = *static_cast<Source*>(data);
    const std::uint64_t left = source.content.size() - std::min<std::uint64_t>(source.at, source.content.size());
    const auto skipped = std::min(left, static_cast<std::uint64_t>(std::max<la_int64_t>(count, 0)));
    source.at += skipped;
    return static_cast<la_int64_t>(skipped);
}

extern "C" la_int64_t r8scan_archive_seek(archive*, void* data, la_int64_t offset, int whence)
{
    auto& source = *static_cast<Source*>(data);
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

UniqueArchive open_reader(ArchiveFormat format, Source& source)
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

std::string message_of(archive* reader, const char* otherwise)
{
    const char* message = archive_error_string(reader);
    return message != nullptr ? message : otherwise;
}

std::string name_of(archive_entry* entry)
{
    if (const char* raw = archive_entry_pathname(entry)) {
        return raw;
    }
    const char* utf8 = archive_entry_pathname_utf8(entry);
    return utf8 != nullptr ? utf8 : "";
}

// How the data of one member ended.
struct DataEnd {
    enum class Why { whole, damaged, broken, cut, stopped };
    Why why = Why::whole;  // damaged: the next member can be read; broken: this reader is done
    std::string what;
};

class Pass {
public:
    Pass(const ArchivePass& pass, Budget& budget, Expansion& expansion, const ContainerCallbacks& callbacks)
        : m_pass(pass),
          m_budget(budget),
          m_expansion(expansion),
          m_callbacks(callbacks),
          m_source{pass.content, &callbacks},
          m_reader(open_reader(pass.format, m_source))
    {
    }

    ArchivePassEnd run()
    {
        if (archive_read_open1(m_reader.get()) != ARCHIVE_OK) {
            return finish(ArchivePassEnd::Why::broken, message_of(m_reader.get(), "cannot be opened"));
        }
        for (;;) {
            archive_entry* entry = nullptr;
            const int status = archive_read_next_header(m_reader.get(), &entry);
            if (m_source.stopped || stop_asked(m_callbacks)) {
                return finish(ArchivePassEnd::Why::stopped, "");
            }
            if (status == ARCHIVE_EOF) {
                return finish(ArchivePassEnd::Why::complete, "");
            }
            if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
                return finish(ArchivePassEnd::Why::broken, message_of(m_reader.get(), "truncated or damaged"));
            }
            if (m_budget.members == 0) {
                tell_unread(m_callbacks, Unread::limit, "", "the limit of members is reached");
                m_result.named = true;
                return finish(ArchivePassEnd::Why::cut, "");
            }
            --m_budget.members;
            if (!read_member(entry)) {
                return m_result;
            }
        }
    }

private:
    ArchivePassEnd finish(ArchivePassEnd::Why why, std::string what)
    {
        m_result.why = why;
        m_result.what = std::move(what);
        m_result.position =
            why == ArchivePassEnd::Why::broken
                ? position_of_header()
                : static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_filter_bytes(m_reader.get(), 0)));
        return m_result;
    }

    [[nodiscard]] std::uint64_t position_of_header() const
    {
        return static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_read_header_position(m_reader.get())));
    }

    // False ends the pass; m_result then says why.
    bool read_member(archive_entry* entry)
    {
        m_result.data_begin =
            static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_filter_bytes(m_reader.get(), 0)));
        ArchivePass::Place place{position_of_header(), {}};
        if (auto known = m_pass.place ? m_pass.place(m_result.data_begin) : std::nullopt) {
            place = std::move(*known);
        } else {
            place.name = name_of(entry);
        }
        m_expansion.next_member();
        DataEnd data;
        if (archive_entry_is_encrypted(entry) != 0) {
            tell_unread(m_callbacks, Unread::encrypted, place.name, "needs a password");
        } else if (const char* target = archive_entry_symlink(entry); target != nullptr && *target != '\0') {
            m_expansion.append(as_bytes(target));
        } else {
            data = read_data();
            if (data.why == DataEnd::Why::broken && m_pass.salvage &&
                !m_pass.salvage(m_result.data_begin, m_expansion)) {
                data.why = DataEnd::Why::stopped;
            }
        }
        if (data.why == DataEnd::Why::stopped ||
            !hand_on(m_expansion, place.name, place.offset + static_cast<std::uint64_t>(m_pass.shift), m_callbacks)) {
            finish(ArchivePassEnd::Why::stopped, "");
            return false;
        }
        return judge(data, place.name);
    }

    bool judge(const DataEnd& data, const std::string& name)
    {
        if (data.why == DataEnd::Why::whole) {
            return true;
        }
        const bool cut = data.why == DataEnd::Why::cut;
        tell_unread(m_callbacks, cut ? Unread::limit : reason_of(data.what), name, data.what);
        m_result.named = true;
        if (data.why == DataEnd::Why::broken) {
            finish(ArchivePassEnd::Why::broken, data.what);
            return false;
        }
        if (cut && m_budget.bytes == 0) {
            finish(ArchivePassEnd::Why::cut, "");
            return false;
        }
        return true;
    }

    DataEnd read_data()
    {
        DataEnd end;
        for (;;) {
            const void* block = nullptr;
            std::size_t size = 0;
            la_int64_t offset = 0;
            const int status = archive_read_data_block(m_reader.get(), &block, &size, &offset);
            if (status == ARCHIVE_EOF) {
                return end;
            }
            const bool is_zip =
                m_pass.format == ArchiveFormat::zip_by_directory || m_pass.format == ArchiveFormat::zip_by_headers;
            // A zip's last block comes together with the news that its checksum is wrong.
            if (status == ARCHIVE_OK || (is_zip && block != nullptr && status >= ARCHIVE_FAILED)) {
                m_expansion.set_read(m_source.handed);
                if (!append(block, size, offset)) {
                    return {DataEnd::Why::cut, m_expansion.limit() != nullptr ? m_expansion.limit() : "limit"};
                }
            }
            if (m_source.stopped || stop_asked(m_callbacks)) {
                return {DataEnd::Why::stopped, ""};
            }
            if (status != ARCHIVE_OK) {
                end = {DataEnd::Why::damaged, message_of(m_reader.get(), "damaged")};
                if (status == ARCHIVE_FATAL) {
                    end.why = DataEnd::Why::broken;
                }
                if (status != ARCHIVE_WARN) {
                    return end;
                }
            }
        }
    }

    bool append(const void* block, std::size_t size, la_int64_t offset)
    {
        const auto at = static_cast<std::uint64_t>(std::max<la_int64_t>(offset, 0));
        const std::uint64_t here = m_expansion.content().size();
        return (at <= here || m_expansion.append_zeros(at - here)) &&
               m_expansion.append({static_cast<const std::byte*>(block), block == nullptr ? 0 : size});
    }

    const ArchivePass& m_pass;
    Budget& m_budget;
    Expansion& m_expansion;
    const ContainerCallbacks& m_callbacks;
    Utf8Names m_locale;
    Source m_source;
    UniqueArchive m_reader;
    ArchivePassEnd m_result;
};

ArchiveFormat format_of(ContainerKind kind)
{
    switch (kind) {
        case ContainerKind::seven_zip: return ArchiveFormat::seven_zip;
        case ContainerKind::ar: return ArchiveFormat::ar;
        case ContainerKind::rar: return ArchiveFormat::rar;
        default: return ArchiveFormat::tar;
    }
}

}  // namespace

Unread reason_of(std::string_view message)
{
    const auto says = [&](std::string_view word) { return message.find(word) != message.npos; };
    if (says("ncrypt") || says("assphrase") || says("rypto")) {
        return Unread::encrypted;
    }
    return says("upported") ? Unread::unsupported : Unread::corrupt;
}

ArchivePassEnd run_archive_pass(const ArchivePass& pass, Budget& budget, Expansion& expansion,
                                const ContainerCallbacks& callbacks)
{
    return Pass(pass, budget, expansion, callbacks).run();
}

ContainerEnd open_archive(ContainerKind kind, Bytes content, std::uint64_t begin, Budget& budget,
                          const ContainerCallbacks& callbacks)
{
    const Bytes rest = content.subspan(static_cast<std::size_t>(begin));
    if (!is_archive_header(kind, rest)) {
        return {begin, false};
    }
    Expansion expansion(budget);
    const auto pass = run_archive_pass({format_of(kind), rest, 0, {}, {}}, budget, expansion, callbacks);
    if (pass.why == ArchivePassEnd::Why::broken && !pass.named) {
        tell_unread(callbacks, reason_of(pass.what), "", pass.what);
    }
    // Behind a break the caller finds what follows by its magic.
    return {begin + std::max(pass.position, archive_header_size(kind)), true};
}

}  // namespace r8scan::decode
