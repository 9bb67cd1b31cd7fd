#include "engine/redactor.h"

#include <r8scan/secret.h>

#include <algorithm>

namespace r8scan {

std::string Redactor::redact(std::string_view text)
{
    std::string redacted(text);
    const auto bytes = as_bytes(text);
    if (!m_matcher.has_anchor(bytes, m_scratch)) {
        return redacted;
    }
    m_matcher.find(bytes, m_scratch, m_matches);
    if (!m_matches.has_all()) {
        return std::string(text.size(), '*');
    }
    for (const auto& candidate : m_matches.candidates) {
        const auto size = candidate.end - candidate.begin;
        redacted.replace(candidate.begin, size, Secret(text.substr(candidate.begin, size)).redacted());
    }
    for (const auto& hit : m_scanner.scan(bytes)) {
        if (hit.encoding.empty()) {
            continue;
        }
        // Of a token inside a container in the text only the container's beginning is known.
        const auto begin = static_cast<std::size_t>(hit.outer_offset.value_or(hit.position.offset));
        const auto end = hit.outer_offset ? redacted.size() : static_cast<std::size_t>(hit.end_offset);
        std::fill(redacted.begin() + static_cast<std::ptrdiff_t>(begin), redacted.begin() + static_cast<std::ptrdiff_t>(end), '*');
    }
    (void)m_scanner.take_unread();
    return redacted;
}

}  // namespace r8scan
