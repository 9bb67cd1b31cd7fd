// Runs a program to its end and takes the operating system's own account of it: wall and processor time, peak memory.
#pragma once

#include <string>
#include <vector>

namespace r8scan::bench {

struct MeasuredRun {
    double wall_s = 0;
    double cpu_s = 0;      // user and system
    double peak_mib = 0;   // resident, mapped files included
    double anonymous_mib = 0;  // resident without mapped files, at its highest; 0 where the program does not tell
    int exit_code = 0;
};

/// Output goes to /dev/null. Throws std::runtime_error where the program cannot be started.
MeasuredRun measure(const std::vector<std::string>& command);

/// The same without anonymous_mib, for programs that are done in a moment: nothing runs beside them.
MeasuredRun measure_wall(const std::vector<std::string>& command);

}  // namespace r8scan::bench
