#include "engine/stream_tokens.h"

#include "finding/fingerprint.h"
#include "util/hash.h"

#include <algorithm>
#include <set>

namespace r8scan {

StreamTokens tokens_of(const std::vector<Hit>& hits, Confidence least, bool show_placeholders)
{
    StreamTokens found;
    std::set<std::string> placeholders;
    std::map<std::tuple<std::string, std::uint32_t, std::string_view>, std::size_t> numbers;  // hash, rule, inner path
    for (const auto& hit : hits) {
        auto hash = sha256_hex(as_bytes(hit.secret.reveal()));
        if (hit.placeholder) {
            placeholders.insert(hash);
        }
        if (hit.confidence < least || (hit.placeholder && !show_placeholders)) {
            found.below_confidence += hit.placeholder ? 0 : 1;
            continue;
        }
        const auto [known, added] = numbers.try_emplace({hash, hit.rule, hit.inner_path}, found.tokens.size());
        if (added) {
            found.tokens.push_back({&hit, std::move(hash), 0, hit.mark});
        }
        auto& token = found.tokens[known->second];
        ++token.occurrences;
        if (!hit.mark) {
            token.mark.reset();
        }
        if (std::pair(!hit.mark, hit.confidence) > std::pair(!token.first->mark, token.first->confidence)) {
            token.first = &hit;
        }
    }
    std::sort(found.tokens.begin(), found.tokens.end(),
              [](const StreamToken& a, const StreamToken& b) { return a.first < b.first; });
    found.placeholders = placeholders.size();
    return found;
}

Finding finding_of(const StreamToken& token, std::shared_ptr<const Secret> secret, const Rule& rule,
                   std::optional<std::string> path, Redactor& redactor)
{
    const auto& hit = *token.first;
    Finding finding;
    finding.rule = rule.id;
    finding.confidence = hit.confidence;
    finding.why = hit.why;
    finding.placeholder = hit.placeholder;
    finding.secret = std::move(secret);
    finding.token_sha256 = token.sha256;
    finding.encoding = hit.encoding;
    finding.outer_offset = hit.outer_offset;
    if (path || !hit.inner_path.empty()) {
        path = path.value_or("") + hit.inner_path;
    }
    finding.fingerprint = fingerprint_of(rule.id, *finding.secret, path.value_or(""));
    if (path) {
        finding.path = redactor.redact(*path);
    }
    finding.position = hit.position;
    if (token.mark) {
        finding.mark = redactor.redact(*token.mark);
    }
    finding.occurrences = token.occurrences;
    return finding;
}

}  // namespace r8scan
