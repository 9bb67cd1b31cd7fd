#include "engine/container_leads.h"

#include "decode/container_magic.h"
#include "match/encoded_anchors.h"

#include <algorithm>

namespace r8scan {

std::vector<LeadExpression> container_leads(const std::vector<Rule>& rules)
{
    const bool wanted = std::any_of(rules.begin(), rules.end(), [](const Rule& rule) {
        return std::find(rule.encodings.begin(), rule.encodings.end(), "containers") != rule.encodings.end();
    });
    if (!wanted) {
        return {};
    }
    auto leads = base64_container_anchors();
    std::uint8_t number = 0;
    for (const auto& magic : decode::container_magics()) {
        leads.push_back({std::string(magic.expression), LeadKind::container, number++, false});
    }
    return leads;
}

}  // namespace r8scan
