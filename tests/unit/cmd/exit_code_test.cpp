#include "cmd/exit_code.h"

#include <doctest/doctest.h>

using namespace r8scan;

TEST_CASE("exit codes: what kept the scan from starting is 2, an interruption 130, everything else 3")
{
    CHECK(cmd::exit_code_of(Error(ErrorCode::usage, "")) == 2);
    CHECK(cmd::exit_code_of(Error(ErrorCode::not_found, "")) == 2);
    CHECK(cmd::exit_code_of(Error(ErrorCode::unsupported, "")) == 2);
    CHECK(cmd::exit_code_of(Error(ErrorCode::interrupted, "")) == 130);
    CHECK(cmd::exit_code_of(Error(ErrorCode::permission, "")) == 3);
    CHECK(cmd::exit_code_of(Error(ErrorCode::damaged, "")) == 3);
    CHECK(cmd::exit_code_of(Error(ErrorCode::limit, "")) == 3);
    CHECK(cmd::exit_code_of(Error(ErrorCode::io, "")) == 3);
}
