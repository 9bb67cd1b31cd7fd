#include "decode/zip.h"

#include "decode/archive.h"
#include "decode/deflate_stream.h"
#include "decode/zip_directory.h"

#include <algorithm>

namespace r8scan::decode {

namespace {

constexpr unsigned deflated = 8;

class Zip {
public:
    Zip(Bytes content, Budget& budget, const ContainerCallbacks& callbacks)
        : m_content(content), m_budget(budget), m_callbacks(callbacks), m_expansion(budget)
    {
    }

    // Reads by the directory first if there is one, then by headers as often as a break demands. Each pass begins
    // behind the header where the one before broke, so all of them together read the content once.
    std::uint64_t read(std::uint64_t begin, const std::optional<ZipWindow>& window)
    {
        m_begin = begin;
        const std::uint64_t end = window ? window->end : m_content.size();
        std::uint64_t at = window ? window->base : begin;
        auto format = window ? ArchiveFormat::zip_by_directory : ArchiveFormat::zip_by_headers;
        for (;;) {
            const auto pass = run(format, at, end);
            if (pass.why == ArchivePassEnd::Why::stopped || pass.why == ArchivePassEnd::Why::cut) {
                return window ? end : at + pass.position;
            }
            if (pass.why == ArchivePassEnd::Why::complete) {
                return window ? end : zip_directory_end(m_content, directory_at(at + pass.position));
            }
            // A break at a header tells the same as the member whose data broke, if nothing can be found behind it.
            const std::uint64_t behind = pass.data_begin != 0 ? at + pass.data_begin : std::max(at, begin) + 4;
            const auto next = next_zip_signature(m_content.first(static_cast<std::size_t>(end)), skipped(behind, end));
            // What broke at a header of the directory is read once more by headers, and told then.
            if (!m_told && (!next || format == ArchiveFormat::zip_by_headers)) {
                tell_unread(m_callbacks, pass);
                m_told = true;
            }
            m_told = m_told || pass.named;
            if (!next) {
                return window ? end : std::max(behind, at + pass.position);
            }
            at = *next;
            format = ArchiveFormat::zip_by_headers;
        }
    }

private:
    ArchivePassEnd run(ArchiveFormat format, std::uint64_t at, std::uint64_t end)
    {
        const Bytes part = m_content.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(end - at));
        // Unsigned numbers wrap: `at` may be before `m_begin`, but no member is.
        ArchivePass pass{format, part, static_cast<std::int64_t>(at - m_begin)};
        pass.place = [part](std::uint64_t data_begin) -> std::optional<ArchivePass::Place> {
            const auto header = zip_local_header_before(part, data_begin);
            return header ? std::optional(ArchivePass::Place{header->offset, std::string(header->name)}) : std::nullopt;
        };
        pass.salvage = [this, part](std::uint64_t data_begin, Expansion& expansion) {
            return salvage(part, data_begin, expansion);
        };
        return run_archive_pass(pass, m_budget, m_expansion, m_callbacks);
    }

    // libarchive drops a block of up to 256 KiB when deflate breaks. False where stop was asked.
    bool salvage(Bytes part, std::uint64_t data_begin, Expansion& expansion)
    {
        const auto header = zip_local_header_before(part, data_begin);
        if (!header || header->data_begin != data_begin || header->method != deflated || header->encrypted) {
            return true;
        }
        expansion.next_member();
        DeflateDecoder decoder(DeflateDecoder::Wrapping::none);
        const auto expanded =
            expand(decoder, part.subspan(static_cast<std::size_t>(data_begin)), expansion, m_callbacks);
        return expanded.end != Expanded::End::stopped;
    }

    // Behind the data of the member that begins before `behind`, where its header states their size.
    [[nodiscard]] std::uint64_t skipped(std::uint64_t behind, std::uint64_t end) const
    {
        const auto header = zip_local_header_before(m_content, behind);
        if (!header || header->data_begin != behind || header->compressed_size > end - behind) {
            return behind;
        }
        return behind + header->compressed_size;
    }

    // libarchive stops at the directory, or some bytes before it.
    [[nodiscard]] std::uint64_t directory_at(std::uint64_t position) const
    {
        const auto text = as_text(m_content);
        const auto start = static_cast<std::size_t>(std::min<std::uint64_t>(position, text.size()));
        for (auto at = text.find("PK", start); at != text.npos; at = text.find("PK", at + 1)) {
            const auto signature = text.substr(at + 2, 2);
            if (signature == "\x01\x02" || signature == "\x05\x06" || signature == "\x06\x06") {
                return at;
            }
        }
        return position;
    }

    Bytes m_content;
    Budget& m_budget;
    const ContainerCallbacks& m_callbacks;
    Expansion m_expansion;
    std::uint64_t m_begin = 0;
    bool m_told = false;
};

}  // namespace

ContainerEnd open_zip(Bytes content, std::uint64_t begin, Budget& budget, const ContainerCallbacks& callbacks)
{
    const auto first = zip_local_header(content, begin);
    if (!first) {
        return {begin, false};
    }
    const auto end = Zip(content, budget, callbacks).read(begin, find_zip_window(content, begin));
    return {std::max(end, begin + 4), true};
}

}  // namespace r8scan::decode
