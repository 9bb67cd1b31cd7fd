// Words of gitleaks' command line (https://github.com/gitleaks/gitleaks#usage, version 8), typed by habit or left in a
// script: each is taken as ours, taken without effect, or refused with the words that do it here.
//
// Works on words, before they are parsed, so that options of ours keep the only table they have. What is ours comes
// through as it is.
#pragma once

#include <r8scan/result.h>

#include <string>
#include <vector>

namespace r8scan::cmd {

struct Translated {
    std::vector<std::string> words;     // for parse_command_line()
    std::vector<std::string> notes;     // for -v: what was taken for what, and what has no effect
    std::vector<std::string> warnings;  // for everybody: what is not done although it was asked for
};

/// Every error is ErrorCode::usage.
Result<Translated> translate_gitleaks(const std::vector<std::string>& words);

}  // namespace r8scan::cmd
