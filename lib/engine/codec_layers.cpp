#include "engine/codec_layers.h"

#include "decode/backslash.h"
#include "decode/base64.h"
#include "decode/hex.h"
#include "decode/html.h"
#include "decode/joined.h"
#include "decode/percent.h"
#include "decode/quoted_printable.h"

#include <tuple>

namespace r8scan {

namespace {

// A shorter word is no token, however it is put together.
constexpr std::size_t least_joined = 20;

using Windows = std::vector<DecodedWindow>;

void add(Windows& windows, decode::Decoded decoded, const char* layer)
{
    if (!decoded.bytes.empty()) {
        windows.push_back({std::move(decoded), layer});
    }
}

bool is_plain_text(std::byte byte)
{
    const auto code = std::to_integer<unsigned>(byte);
    return (code >= 0x20 && code < 0x7f) || code == '\n' || code == '\r' || code == '\t';
}

// The characters of ASCII that stand without a gap around the one whose low byte is at `at`.
struct Stretch {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    [[nodiscard]] std::uint64_t size() const { return end - begin; }
    // How many of its two ends lie where the outer layer was broken into lines.
    [[nodiscard]] int parted_ends(const decode::Decoded* via) const
    {
        return via == nullptr ? 0 : int{via->parted_before(begin)} + int{via->parted_before(end)};
    }
};

Stretch stretch_around(Bytes content, std::uint64_t at, std::size_t unit, bool big_endian)
{
    constexpr std::uint64_t farthest = 1024;
    const std::size_t high_bytes = big_endian ? unit - 1 : 0;
    const auto is_character = [&](std::uint64_t begin) {
        for (auto i = begin; i < begin + unit; ++i) {
            const bool low = i == begin + high_bytes;
            if (i >= content.size() || !(low ? is_plain_text(content[i]) : content[i] == std::byte{0})) {
                return false;
            }
        }
        return true;
    };
    Stretch stretch{at - high_bytes, at - high_bytes};
    while (stretch.end < at + farthest && is_character(stretch.end)) {
        stretch.end += unit;
    }
    while (stretch.begin >= unit && at - stretch.begin < farthest && is_character(stretch.begin - unit)) {
        stretch.begin -= unit;
    }
    return stretch;
}

// Whether the zeros stand before their characters. A byte order mark says so. Without one, the reading counts in which
// more text hangs together: the wrong one lacks a zero at one end. Where a neighbour's bytes make up for that, the text
// is one that fits the lines around it, or else one at a multiple of its unit.
bool is_big_endian(Bytes content, const Lead& lead, std::size_t unit, const Surroundings& around)
{
    const auto byte = [&](std::size_t at) { return at < content.size() ? std::to_integer<unsigned>(content[at]) : 0U; };
    const bool can_be = lead.begin >= unit - 1;
    if (!can_be || (around.begins_stream && byte(0) == 0xff && byte(1) == 0xfe)) {
        return false;
    }
    if (around.begins_stream && byte(unit - 2) == 0xfe && byte(unit - 1) == 0xff) {
        return true;
    }
    const auto little = stretch_around(content, lead.begin, unit, false);
    const auto big = stretch_around(content, lead.begin, unit, true);
    const auto evidence = [&](const Stretch& stretch) {
        return std::tuple(stretch.size(), stretch.parted_ends(around.via));
    };
    return evidence(big) > evidence(little) || (evidence(big) == evidence(little) && lead.begin % unit == unit - 1);
}

void add_wide(Windows& windows, Bytes content, const Lead& lead, const Surroundings& around)
{
    const std::size_t unit = lead.detail;
    const decode::WideForm form{unit, is_big_endian(content, lead, unit, around)};
    auto decoded = decode::decode_wide_around(content, lead.begin - (form.big_endian ? unit - 1 : 0), form);
    if (!decoded.bytes.empty()) {
        windows.push_back({std::move(decoded), unit == 2 ? "utf-16" : "utf-32", Confidence::high, "", form});
    }
}

void add_interrupted(Windows& windows, Bytes content, const Lead& lead)
{
    switch (std::to_integer<char>(content[lead.end - 1])) {
        case '%':
            return add(windows, decode::decode_percent_around(content, lead.begin), "percent");
        case '=':
            return add(windows, decode::decode_quoted_printable_around(content, lead.begin), "quoted-printable");
        case '&':
            return add(windows, decode::decode_html_around(content, lead.begin), "html");
        case '\\':
            add(windows, decode::decode_backslash_around(content, lead.begin), "backslash");
            add(windows, decode::decode_escapes_around(content, lead.begin), "escape");
            break;
        default:
            break;
    }
    auto joined = decode::join_literals(content, lead.begin, least_joined);
    if (!joined.bytes.empty()) {
        windows.push_back({std::move(joined), "joined", Confidence::medium, "put together from several literals"});
    }
}

}  // namespace

Windows decode_lead(Bytes content, const Lead& lead, const Surroundings& around)
{
    Windows windows;
    switch (lead.kind) {
        case LeadKind::base64:
            for (unsigned phase = 0; phase < 4; ++phase) {
                // The first byte of an anchor may be a line break, the second is a character.
                add(windows, decode::decode_base64_around(content, lead.begin + 1, phase), "base64");
            }
            break;
        case LeadKind::hex:
            add(windows, decode::decode_hex_around(content, lead.begin + 1, false), "hex");
            add(windows, decode::decode_hex_around(content, lead.begin + 1, true), "hex");
            break;
        case LeadKind::wide:
            add_wide(windows, content, lead, around);
            break;
        case LeadKind::percent:
            add(windows, decode::decode_percent_around(content, lead.begin), "percent");
            break;
        case LeadKind::html:
            add(windows, decode::decode_html_around(content, lead.begin), "html");
            break;
        case LeadKind::quoted_printable:
            add(windows, decode::decode_quoted_printable_around(content, lead.begin), "quoted-printable");
            break;
        case LeadKind::escape:
            add(windows, decode::decode_backslash_around(content, lead.begin), "backslash");
            add(windows, decode::decode_escapes_around(content, lead.begin), "escape");
            break;
        case LeadKind::interrupted:
            add_interrupted(windows, content, lead);
            break;
        case LeadKind::base64_container:
        case LeadKind::container:
            break;
    }
    return windows;
}

unsigned phases_of(const Lead& lead)
{
    return lead.kind == LeadKind::wide ? lead.detail : 1U;
}

}  // namespace r8scan
