#include "source/unreadable.h"

namespace r8scan::source {

void name_unreadable(const char* reason, const Error& error, Problems& problems)
{
    if (error.code() == ErrorCode::not_found) {
        return problems.add("vanished file or folder", error.message(), "scan again when nothing changes there");
    }
    problems.add(reason, error.message(),
                 error.code() == ErrorCode::permission ? "scan as a user who may read it" : "");
}

}  // namespace r8scan::source
