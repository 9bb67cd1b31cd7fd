#include "match/redactor.h"

#include <r8scan/secret.h>

namespace r8scan {

std::string Redactor::redact(std::string_view text)
{
    std::string redacted(text);
    m_matcher.find(as_bytes(text), m_scratch.get(), m_candidates);
    for (const auto& candidate : m_candidates) {
        const auto size = candidate.end - candidate.begin;
        redacted.replace(candidate.begin, size, Secret(text.substr(candidate.begin, size)).redacted());
    }
    return redacted;
}

}  // namespace r8scan
