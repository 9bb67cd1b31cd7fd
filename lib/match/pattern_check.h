// Runs the samples of rules: what must match does, what must not does not.
//
// `{token}` in a sample stands for a made-up value of the rule's own shape. Samples are named by number, never shown:
// one that was written out may hold a secret.
#pragma once

#include <r8scan/result.h>

#include "match/matcher.h"

#include <functional>
#include <random>
#include <string>
#include <vector>

namespace r8scan {

/// A random value as the rule's regex describes it: the characters that it begins with and the first class that has a
/// count behind it, `r8_[A-Za-z0-9]{37}`. Never one that would count as a placeholder. The error is for a regex that
/// cannot be read so.
Result<std::string> made_up_value(const Rule& rule, std::mt19937_64& random);

/// The numbers of the rules that find something in a text.
using FindRules = std::function<std::vector<std::uint32_t>(std::string_view text)>;

struct PatternCheck {
    std::uint64_t samples = 0;
    std::vector<std::string> failures;  // "mine.toml:3: rule 'mine': example 2 does not match"
};

[[nodiscard]] PatternCheck check_samples(const std::vector<Rule>& rules, const FindRules& find);

}  // namespace r8scan
