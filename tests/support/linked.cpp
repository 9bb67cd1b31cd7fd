#include "tests/support/linked.h"

namespace r8scan::test {

bool loads_lazily()
{
    return R8SCAN_IS_LAZY != 0;
}

std::string static_program()
{
    return R8SCAN_STATIC_PROGRAM;
}

}  // namespace r8scan::test
