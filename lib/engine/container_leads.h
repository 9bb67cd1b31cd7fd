// The leads that LayerScanner can follow and that belong to no rule: the magics of containers, and base64 of them.
#pragma once

#include "match/lead.h"
#include "match/rule.h"

#include <vector>

namespace r8scan {

/// Empty where no rule asks for "containers". Lead::detail of a container is its number in decode::container_magics().
[[nodiscard]] std::vector<LeadExpression> container_leads(const std::vector<Rule>& rules);

}  // namespace r8scan
