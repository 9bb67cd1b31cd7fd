// The seam of the fault loops: makes the Nth call of a kind fail, in this program and in every library that it loads.
//
// The program defines the C functions (open, read, mmap, malloc, …) itself, and since its symbols come before those of
// libraries, everybody calls these. They pass on to the real ones but for the one call that is to fail. Of files only
// those below one folder count.
#pragma once

#include <cstdint>
#include <string>

namespace r8scan::fault {

enum class Kind {
    io,           // open, read, mmap, stat, readdir and their like fail once
    memory,       // one allocation fails
    memory_from,  // one allocation fails, and all after it
};

/// Lives in memory that the program shares with its children.
struct Record {
    std::uint64_t calls = 0;  // that could have failed
    bool fired = false;
    char what[512] = {};      // the call that failed
};

/// From now on the Nth call (from 1) fails. `folder` and `record` must stay.
void arm(Kind kind, std::uint64_t nth, const std::string& folder, Record& record);
void disarm();

}  // namespace r8scan::fault
