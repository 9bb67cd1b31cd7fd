// Runs the program by a shell and keeps what came out of it.
#pragma once

#include <filesystem>
#include <string>

namespace r8scan::test {

struct Ran {
    int exit_code = -1;
    std::string out;
    std::string err;
};

/// Runs a line of the shell in a folder; in it "$R8SCAN" is the program. Standard input is empty unless the line says
/// otherwise. The files "out" and "err" stay in the folder.
Ran run_shell(const std::filesystem::path& folder, const std::string& line);

}  // namespace r8scan::test
