// Small random histories of every shape that attribution must get right: merges and octopus merges, several roots,
// criss-cross, reverts, renames, missing parents, unreachable commits, reflog tips, dangling and damaged trees, cycles.
#pragma once

#include "attribution/input.h"

#include <cstdint>

namespace r8scan::attribution::test {

Input random_history(std::uint32_t seed);

}  // namespace r8scan::attribution::test
