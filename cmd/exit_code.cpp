#include "cmd/exit_code.h"

namespace r8scan::cmd {

int exit_code_of(const Error& error)
{
    switch (error.code()) {
        case ErrorCode::usage:
        case ErrorCode::not_found:
        case ErrorCode::unsupported:
            return exit_usage;
        case ErrorCode::interrupted:
            return exit_interrupted;
        case ErrorCode::permission:
        case ErrorCode::damaged:
        case ErrorCode::limit:
        case ErrorCode::io:
            break;
    }
    return exit_incomplete;
}

}  // namespace r8scan::cmd
