#include "decode/pdf.h"

#include "decode/deflate_stream.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace r8scan::decode {

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool has_header(std::string_view text)
{
    return text.size() >= 8 && text.starts_with("%PDF-") && is_digit(text[5]) && text[6] == '.' && is_digit(text[7]);
}

/// Whether the PDF name stands in the text and ends there.
std::size_t find_name(std::string_view text, std::string_view name)
{
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
        const char next = at + name.size() < text.size() ? text[at + name.size()] : ' ';
        const bool goes_on = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || is_digit(next);
        if (!goes_on) {
            return at;
        }
    }
    return text.npos;
}

enum class Filter { none, flate, flate_behind_another };

// What the stream's dictionary, at the end of what stands between the last `stream` and this one, says of its first
// filter.
Filter filter_of(std::string_view before)
{
    auto dictionary = before;
    for (const auto* const boundary : {"endobj", "endstream", " obj"}) {
        if (const auto at = dictionary.rfind(boundary); at != dictionary.npos) {
            dictionary.remove_prefix(at);
        }
    }
    const auto flate = std::min(find_name(dictionary, "/FlateDecode"), find_name(dictionary, "/Fl"));
    if (flate == dictionary.npos) {
        return Filter::none;
    }
    for (const auto* const other : {"/ASCIIHexDecode", "/AHx", "/ASCII85Decode", "/A85", "/LZWDecode", "/LZW",
                                    "/RunLengthDecode", "/RL", "/Crypt"}) {
        if (find_name(dictionary, other) < flate) {
            return Filter::flate_behind_another;
        }
    }
    return Filter::flate;
}

class Pdf {
public:
    Pdf(Bytes pdf, std::uint64_t shift, Budget& budget, const ContainerCallbacks& callbacks)
        : m_pdf(pdf),
          m_text(as_text(pdf)),
          m_shift(shift),
          m_budget(budget),
          m_callbacks(callbacks),
          m_expansion(budget),
          m_decoder(DeflateDecoder::Wrapping::none)
    {
    }

    // Whether there was any stream.
    bool read()
    {
        for (auto at = m_text.find("stream"); at != m_text.npos; at = m_text.find("stream", at)) {
            const std::size_t keyword = at;
            const std::size_t from = std::exchange(m_behind_last, keyword + 6);
            at += 6;
            const auto data = data_behind(at);
            if (!data || m_text.substr(0, keyword).ends_with("end")) {
                continue;
            }
            const auto filter = filter_of(m_text.substr(from, keyword - from));
            m_found = m_found || filter != Filter::none;
            if (filter == Filter::flate_behind_another) {
                tell_unread(m_callbacks, Unread::unsupported, "", "a filter before FlateDecode" + place(keyword));
            } else if (filter == Filter::flate && !open_stream(keyword, *data, at)) {
                break;
            }
        }
        return m_found;
    }

private:
    // The stream's first byte: behind the line end that follows the keyword.
    [[nodiscard]] std::optional<std::size_t> data_behind(std::size_t at) const
    {
        const auto next = m_text.substr(at, 2);
        if (next == "\r\n") {
            return at + 2;
        }
        return next.starts_with('\n') || next.starts_with('\r') ? std::optional(at + 1) : std::nullopt;
    }

    [[nodiscard]] std::string place(std::size_t at) const { return " at offset " + std::to_string(m_shift + at); }

    /// The next `endstream` at or behind `at`. Kept, so that a file without any is searched once.
    std::size_t end_behind(std::size_t at)
    {
        if (m_next_end < at) {
            m_next_end = std::min(m_text.find("endstream", at), m_text.size());
        }
        return m_next_end;
    }

    // Sets `at` behind what was used of the stream. False ends the file.
    bool open_stream(std::size_t keyword, std::size_t data, std::size_t& at)
    {
        if (m_budget.members == 0) {
            tell_unread(m_callbacks, Unread::limit, "", "the limit of members is reached");
            return false;
        }
        const Bytes stream = m_pdf.subspan(data, end_behind(data) - data);
        if (stream.size() < 2 || (stream[0] & std::byte{0x0f}) != std::byte{8}) {
            broken(keyword, "not a zlib stream");
            return true;
        }
        --m_budget.members;
        m_expansion.next_member();
        // Behind the two bytes of zlib's header it is plain deflate: a checksum that is missing or wrong harms nothing.
        const auto expanded = expand(m_decoder, stream.subspan(2), m_expansion, m_callbacks);
        const bool whole = expanded.end == Expanded::End::whole;
        if (expanded.end == Expanded::End::stopped ||
            ((whole || expanded.written != 0) && !hand_on(m_expansion, "", keyword, m_callbacks))) {
            return false;
        }
        if (whole) {
            at = data + 2 + expanded.read;
        } else if (expanded.end == Expanded::End::cut) {
            tell_unread(m_callbacks, expanded, "");
        } else {
            broken(keyword, expanded.what);
        }
        return m_budget.bytes != 0;
    }

    // In an encrypted file every stream is broken: that is told once.
    void broken(std::size_t keyword, const std::string& what)
    {
        if (!m_encrypted) {
            m_encrypted = find_name(m_text, "/Encrypt") != m_text.npos;
            if (*m_encrypted) {
                tell_unread(m_callbacks, Unread::encrypted, "", "needs a password");
            }
        }
        if (!*m_encrypted) {
            tell_unread(m_callbacks, Unread::corrupt, "", "stream" + place(keyword) + ": " + what);
        }
    }

    Bytes m_pdf;
    std::string_view m_text;
    std::uint64_t m_shift;
    Budget& m_budget;
    const ContainerCallbacks& m_callbacks;
    Expansion m_expansion;
    DeflateDecoder m_decoder;
    std::size_t m_behind_last = 0;
    std::size_t m_next_end = 0;
    std::optional<bool> m_encrypted;
    bool m_found = false;
};

}  // namespace

ContainerEnd open_pdf(Bytes content, std::uint64_t begin, Budget& budget, const ContainerCallbacks& callbacks)
{
    const auto first = static_cast<std::size_t>(begin);
    const auto text = as_text(content).substr(first);
    if (!has_header(text)) {
        return {begin, false};
    }
    // A file in a file has a magic of its own and is opened by itself, so that no byte is looked at twice.
    const auto next = std::min(text.find("%PDF-", 5), text.size());
    return {begin + 8, Pdf(content.subspan(first, next), begin, budget, callbacks).read()};
}

}  // namespace r8scan::decode
