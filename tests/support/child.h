// Runs another program as a child process, and ends it where it takes longer than it may.
//
// No shell. Input and output go through temporary files, so nothing can block. The child has the environment that it is
// given and nothing else.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan::test {

struct CommandResult {
    int exit_code = -1;  // 128 + n where signal n ended it
    bool timed_out = false;
    double seconds = 0;      // by the clock
    double cpu_seconds = 0;  // of all its threads
    std::string out;
    std::string err;
};

struct ChildCommand {
    std::vector<std::string> arguments;    // the program, looked up in PATH, and what it is told
    std::vector<std::string> environment;  // "NAME=value"
    std::string_view input;                // its standard input
    std::chrono::seconds patience{0};      // zero: as long as it takes
};

/// Throws std::runtime_error where the program cannot be started.
CommandResult run_child(ChildCommand command);

}  // namespace r8scan::test
