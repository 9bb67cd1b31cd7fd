// Reads rules from TOML. A mistake is an error that names file, line and the way out; nothing is guessed.
#pragma once

#include <r8scan/result.h>

#include "match/rule.h"

#include <filesystem>
#include <string_view>

namespace r8scan {

/// Rules of one text. `origin` goes into the rules and the messages.
Result<std::vector<Rule>> parse_pattern_file(std::string_view text, const std::string& origin);

/// The built-in rules, then those of the files (or of all *.toml in the folders) in the order given. A rule whose id
/// is there already takes its place.
Result<std::vector<Rule>> load_rules(const std::vector<std::filesystem::path>& files);

}  // namespace r8scan
