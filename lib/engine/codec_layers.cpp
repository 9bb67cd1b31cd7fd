#include "engine/codec_layers.h"

#include "decode/backslash.h"
#include "decode/base64.h"
#include "decode/hex.h"
#include "decode/html.h"
#include "decode/joined.h"
#include "decode/percent.h"
#include "decode/quoted_printable.h"

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

void add_wide(Windows& windows, Bytes content, std::uint64_t begin, std::size_t unit, bool big_endian)
{
    const auto high_bytes = big_endian ? unit - 1 : 0;
    if (begin < high_bytes) {
        return;
    }
    const decode::WideForm form{unit, big_endian};
    auto decoded = decode::decode_wide_around(content, begin - high_bytes, form);
    if (!decoded.bytes.empty()) {
        windows.push_back({std::move(decoded), unit == 2 ? "utf-16" : "utf-32", Confidence::high, "", form});
    }
}

// The zeros between characters may belong to those before or behind them. A byte order mark says it; without one, text
// is taken to lie at a multiple of its unit.
void add_wide(Windows& windows, Bytes content, const Lead& lead, bool begins_stream)
{
    const auto byte = [&](std::size_t at) { return at < content.size() ? std::to_integer<unsigned>(content[at]) : 0U; };
    const std::size_t unit = lead.detail;
    bool big_first = lead.begin % unit == unit - 1;
    if (begins_stream && byte(0) == 0xff && byte(1) == 0xfe) {
        big_first = false;
    } else if (begins_stream && byte(unit - 2) == 0xfe && byte(unit - 1) == 0xff) {
        big_first = true;
    }
    add_wide(windows, content, lead.begin, unit, big_first);
    add_wide(windows, content, lead.begin, unit, !big_first);
}

void add_interrupted(Windows& windows, Bytes content, const Lead& lead)
{
    switch (std::to_integer<char>(content[lead.end - 1])) {
        case '%': return add(windows, decode::decode_percent_around(content, lead.begin), "percent");
        case '=': return add(windows, decode::decode_quoted_printable_around(content, lead.begin), "quoted-printable");
        case '&': return add(windows, decode::decode_html_around(content, lead.begin), "html");
        case '\\':
            add(windows, decode::decode_backslash_around(content, lead.begin), "backslash");
            add(windows, decode::decode_escapes_around(content, lead.begin), "escape");
            break;
        default: break;
    }
    auto joined = decode::join_literals(content, lead.begin, least_joined);
    if (!joined.bytes.empty()) {
        windows.push_back({std::move(joined), "joined", Confidence::medium, "put together from several literals"});
    }
}

}  // namespace

Windows decode_lead(Bytes content, const Lead& lead, bool begins_stream)
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
        case LeadKind::wide: add_wide(windows, content, lead, begins_stream); break;
        case LeadKind::percent: add(windows, decode::decode_percent_around(content, lead.begin), "percent"); break;
        case LeadKind::html: add(windows, decode::decode_html_around(content, lead.begin), "html"); break;
        case LeadKind::quoted_printable:
            add(windows, decode::decode_quoted_printable_around(content, lead.begin), "quoted-printable");
            break;
        case LeadKind::escape:
            add(windows, decode::decode_backslash_around(content, lead.begin), "backslash");
            add(windows, decode::decode_escapes_around(content, lead.begin), "escape");
            break;
        case LeadKind::interrupted: add_interrupted(windows, content, lead); break;
        case LeadKind::base64_container:
        case LeadKind::container: break;
    }
    return windows;
}

unsigned phases_of(const Lead& lead)
{
    return lead.kind == LeadKind::wide ? lead.detail : 1U;
}

}  // namespace r8scan
