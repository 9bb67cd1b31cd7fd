#include "tests/support/program.h"

#include "tests/support/built_here.h"
#include "tests/support/temp_dir.h"

#include <sys/wait.h>

#include <cstdlib>

namespace r8scan::test {

Ran run_shell(const std::filesystem::path& folder, const std::string& line)
{
    const std::string command = "cd '" + folder.string() + "' && unset R8SCAN_FORMAT && export XDG_CONFIG_HOME=/nonexistent && R8SCAN='" + program() +
                                "' && { " + line + "\n} >out 2>err </dev/null";
    const int status = std::system(command.c_str());
    Ran ran;
    ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ran.out = read_file(folder / "out");
    ran.err = read_file(folder / "err");
    return ran;
}

}  // namespace r8scan::test
