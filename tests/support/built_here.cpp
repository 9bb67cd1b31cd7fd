#include "tests/support/built_here.h"

namespace r8scan::test {

std::string source_dir()
{
    return R8SCAN_SOURCE_DIR;
}

std::string program()
{
    return R8SCAN_PROGRAM;
}

std::string revocation_service()
{
    return R8SCAN_REVOCATION_SERVICE;
}

}  // namespace r8scan::test
