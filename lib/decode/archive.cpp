#include "decode/archive.h"

#include "decode/archive_header.h"
#include "decode/seven_zip_header.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>

namespace r8scan::decode {

namespace {

// libarchive expands the target of a 7z's symbolic link while it reads the header, as long as it states to be. LZMA
// expands at most about 7000 : 1. One output buffer of 64 KiB may take as much input.
constexpr std::uint64_t header_allowance = 128U << 10U;
constexpr std::size_t small_window = 4U << 10U;

std::string message_of(archive* reader)
{
    const char* message = archive_error_string(reader);
    return message != nullptr && *message != '\0' ? message : "truncated or damaged";
}

// What libarchive's message means: it has no codes for these.
Unread reason_of(std::string_view message)
{
    const auto says = [&](std::string_view word) { return message.find(word) != message.npos; };
    if (says("ncrypt") || says("assphrase") || says("rypto")) {
        return Unread::encrypted;
    }
    return says("upported") ? Unread::unsupported : Unread::corrupt;
}

void tell_unread(const ContainerCallbacks& callbacks, const std::string& name, std::string message)
{
    const auto why = reason_of(message);
    if (message.size() > 1 && message[0] >= 'A' && message[0] <= 'Z' && message[1] >= 'a' && message[1] <= 'z') {
        message[0] = static_cast<char>(message[0] - 'A' + 'a');
    }
    tell_unread(callbacks, why, name, why == Unread::encrypted ? "needs a password" : message);
}

std::string name_of(archive_entry* entry)
{
    if (const char* raw = archive_entry_pathname(entry)) {
        return raw;
    }
    const char* utf8 = archive_entry_pathname_utf8(entry);
    return utf8 != nullptr ? utf8 : "";
}

std::uint64_t not_negative(la_int64_t value)
{
    return value < 0 ? 0 : static_cast<std::uint64_t>(value);
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
          m_reader(new_reader(pass.format, m_source))
    {
    }

    ArchivePassEnd run()
    {
        if (m_pass.first_header_bytes) {
            m_source.window = small_window;
            m_source.allowed = *m_pass.first_header_bytes + header_allowance;
        }
        if (archive_read_open1(m_reader.get()) != ARCHIVE_OK) {
            return finish(ArchivePassEnd::Why::broken, message_of(m_reader.get()));
        }
        for (;;) {
            archive_entry* entry = nullptr;
            const int status = archive_read_next_header(m_reader.get(), &entry);
            if (m_source.stopped || stop_asked(m_callbacks)) {
                return finish(ArchivePassEnd::Why::stopped);
            }
            if (status == ARCHIVE_EOF) {
                return finish(ArchivePassEnd::Why::complete);
            }
            if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
                return finish(ArchivePassEnd::Why::broken, message_of(m_reader.get()));
            }
            if (m_budget.members == 0) {
                return cut("the limit of members is reached");
            }
            --m_budget.members;
            m_source.allowed = std::numeric_limits<std::uint64_t>::max();
            if (!read_member(entry)) {
                return m_result;
            }
            if (m_pass.first_header_bytes) {
                m_source.allowed = m_source.handed + header_allowance;
            }
        }
    }

private:
    ArchivePassEnd finish(ArchivePassEnd::Why why, std::string what = {})
    {
        m_result.why = why;
        m_result.what = std::move(what);
        m_result.position =
            not_negative(why == ArchivePassEnd::Why::broken ? archive_read_header_position(m_reader.get())
                                                            : archive_filter_bytes(m_reader.get(), 0));
        return m_result;
    }

    ArchivePassEnd cut(const std::string& what)
    {
        tell_unread(m_callbacks, Unread::limit, "", what);
        m_result.named = true;
        return finish(ArchivePassEnd::Why::cut);
    }

    // False ends the pass; m_result then says why.
    bool read_member(archive_entry* entry)
    {
        m_result.data_begin = not_negative(archive_filter_bytes(m_reader.get(), 0));
        ArchivePass::Place place;
        if (auto known = m_pass.place ? m_pass.place(m_result.data_begin) : std::nullopt) {
            place = std::move(*known);
        } else {
            place.name = name_of(entry);
            // A 7z has all its headers in one place.
            place.offset = m_pass.format == ArchiveFormat::seven_zip
                               ? 0
                               : not_negative(archive_read_header_position(m_reader.get()));
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
            finish(ArchivePassEnd::Why::stopped);
            return false;
        }
        return judge(data, place.name);
    }

    bool judge(const DataEnd& data, const std::string& name)
    {
        if (data.why == DataEnd::Why::whole) {
            return true;
        }
        if (data.why == DataEnd::Why::cut) {
            tell_unread(m_callbacks, Unread::limit, name, data.what);
            return goes_on_behind_cut();
        }
        tell_unread(m_callbacks, name, data.what);
        m_result.named = true;
        if (data.why == DataEnd::Why::broken) {
            finish(ArchivePassEnd::Why::broken, data.what);
            return false;
        }
        return true;
    }

    // The rest of a cut member must not be expanded just to get behind it.
    bool goes_on_behind_cut()
    {
        m_expansion.next_member();
        switch (m_expansion.limit() != nullptr ? ArchiveFormat::seven_zip : m_pass.format) {
            case ArchiveFormat::tar:
            case ArchiveFormat::ar:
            case ArchiveFormat::zip_by_directory: return true;
            case ArchiveFormat::zip_by_headers:
                m_result.named = true;
                finish(ArchivePassEnd::Why::broken);
                return false;
            case ArchiveFormat::seven_zip:
            case ArchiveFormat::rar: break;
        }
        cut("members behind a limit were not read");
        return false;
    }

    DataEnd read_data()
    {
        const bool is_zip =
            m_pass.format == ArchiveFormat::zip_by_directory || m_pass.format == ArchiveFormat::zip_by_headers;
        DataEnd end;
        for (;;) {
            const void* block = nullptr;
            std::size_t size = 0;
            la_int64_t offset = 0;
            const int status = archive_read_data_block(m_reader.get(), &block, &size, &offset);
            // A zip's last block comes together with the news that its checksum is wrong.
            if (status == ARCHIVE_OK || (is_zip && block != nullptr && status >= ARCHIVE_FAILED)) {
                m_expansion.set_read(m_source.handed);
                if (!append(block, size, offset)) {
                    const char* limit = m_expansion.limit();
                    return {DataEnd::Why::cut, limit != nullptr ? limit : "a limit is reached"};
                }
            }
            if (m_source.stopped || stop_asked(m_callbacks)) {
                return {DataEnd::Why::stopped, ""};
            }
            if (status == ARCHIVE_OK) {
                continue;
            }
            if (status != ARCHIVE_EOF) {
                end = {status == ARCHIVE_FATAL ? DataEnd::Why::broken : DataEnd::Why::damaged,
                       message_of(m_reader.get())};
            }
            if (status != ARCHIVE_WARN) {
                return end;
            }
        }
    }

    bool append(const void* block, std::size_t size, la_int64_t offset)
    {
        const std::uint64_t at = not_negative(offset);
        const std::uint64_t here = m_expansion.content().size();
        return (at <= here || m_expansion.append_hole(at - here)) &&
               m_expansion.append({static_cast<const std::byte*>(block), block == nullptr ? 0 : size});
    }

    const ArchivePass& m_pass;
    Budget& m_budget;
    Expansion& m_expansion;
    const ContainerCallbacks& m_callbacks;
    Utf8Names m_names;
    ArchiveSource m_source;
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

void tell_unread(const ContainerCallbacks& callbacks, const ArchivePassEnd& pass)
{
    if (pass.why == ArchivePassEnd::Why::broken && !pass.named) {
        tell_unread(callbacks, "", pass.what);
    }
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
    ArchivePass pass{format_of(kind), rest};
    std::uint64_t known_size = 0;
    if (kind == ContainerKind::seven_zip) {
        const auto header = read_seven_zip_header(rest);
        known_size = header.size;
        pass.first_header_bytes = header.header_bytes;
        if (header.too_large || header.unsupported) {
            tell_unread(callbacks, header.too_large ? Unread::limit : Unread::unsupported, "",
                        header.too_large ? "would take too much memory" : "header packed in an unknown way");
            return {begin + known_size, true};
        }
    }
    Expansion expansion(budget);
    const auto result = run_archive_pass(pass, budget, expansion, callbacks);
    tell_unread(callbacks, result);
    // Behind a break the caller finds what follows by its magic.
    return {begin + (known_size != 0 ? known_size : std::max(result.position, archive_header_size(kind))), true};
}

}  // namespace r8scan::decode
