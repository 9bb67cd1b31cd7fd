// `r8scan completion bash|zsh|fish`: what a shell needs to complete words of r8scan, made from the option table.
#pragma once

#include "cmd/typed_options.h"

#include <string>
#include <string_view>
#include <vector>

namespace r8scan::cmd {

/// The script for one of the shells; empty for any other word.
[[nodiscard]] std::string completion_script(std::string_view shell);

/// What may stand behind an option; empty where it is not one of a few words.
[[nodiscard]] std::vector<std::string_view> words_of_option(std::string_view name);

/// Prints the script and gives the exit code.
int run_completion(const TypedOptions& typed);

}  // namespace r8scan::cmd
