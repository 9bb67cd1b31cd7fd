// What it costs to start: programs that have nothing to do, each beside one that does as little.
#pragma once

#include <string>

namespace r8scan::bench {

/// Prints a table: `program --version` against `empty`, a C++ program that does nothing, and `program staged` against
/// `git diff --cached --quiet`, in a repository with one commit where nothing is staged. The same for `static_program`
/// where it is there.
int measure_start_up(const std::string& program, const std::string& static_program, const std::string& empty,
                     unsigned runs);

}  // namespace r8scan::bench
