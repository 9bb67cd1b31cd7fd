// Tokens that a person hands in: one a line, from a file or standard input; never from the command line, where other
// processes would see them.
#pragma once

#include <r8scan/result.h>
#include <r8scan/secret.h>

#include <string>
#include <vector>

namespace r8scan::cmd {

/// The lines of a file ("-" or empty: standard input) without spaces around them; empty ones and repeats are left out.
/// The error is ErrorCode::usage where there is none, or one is too long to be a token.
Result<std::vector<Secret>> read_tokens(const std::string& file);

}  // namespace r8scan::cmd
