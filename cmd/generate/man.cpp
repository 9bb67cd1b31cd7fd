// Runs while r8scan is built: prints the manual page.
#include "cmd/man_page.h"

#include <cstdio>

int main()
{
    const std::string page = r8scan::cmd::man_page();
    return std::fwrite(page.data(), 1, page.size(), stdout) == page.size() && std::fflush(stdout) == 0 ? 0 : 1;
}
