// The exit codes of the program, a contract that scripts rely on (README.md, "Exit codes").
#pragma once

#include <r8scan/result.h>

namespace r8scan::cmd {

inline constexpr int exit_clean = 0;
inline constexpr int exit_found = 1;
inline constexpr int exit_usage = 2;  // wrong usage or configuration: nothing was scanned
inline constexpr int exit_incomplete = 3;
inline constexpr int exit_undelivered = 4;  // the scan is complete, but a delivery is pending or failed
inline constexpr int exit_interrupted = 130;

/// The exit code for an error that ended the program. A scan that ran has its exit code in its Summary instead.
[[nodiscard]] int exit_code_of(const Error& error);

}  // namespace r8scan::cmd
