// The rules that the program carries, compiled, for tests that match.
#pragma once

#include "engine/layer_scanner.h"
#include "match/pattern_file.h"

namespace r8scan::test {

/// Throws std::bad_variant_access where they do not compile.
inline Matcher built_in_matcher()
{
    auto rules = load_rules({}).value();
    const auto leads = container_leads(rules);
    return Matcher::compile(std::move(rules), leads).value();
}

}  // namespace r8scan::test
