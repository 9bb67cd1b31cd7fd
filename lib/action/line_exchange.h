// One line to a program, one line back.
//
// The line goes in while output and error are read, so that neither side can hold the other up; both are limited, so
// that a program that floods costs no memory.
#pragma once

#include "util/child_process.h"

#include <r8scan/secret.h>

namespace r8scan::action {

struct Exchange {
    std::string answer;     // without the line feed
    std::string failure;    // why there is none: "did not answer in time"; empty where there is one
    std::string complaint;  // what it wrote to its standard error, cut; raw
    bool more = false;      // it wrote more than the one line: who reads on reads the wrong answer
};

/// Whether it wrote something that nobody has asked for.
[[nodiscard]] bool has_unread_output(const ChildProcess& child);

/// Sends `line` and a line feed.
Exchange exchange_lines(ChildProcess& child, const Secret& line, std::chrono::steady_clock::time_point deadline);

}  // namespace r8scan::action
