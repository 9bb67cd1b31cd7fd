// The definitions of attribution applied word by word: every tree spelled out as a list of paths, every (path, token)
// followed through every commit on its own. Slow, and obvious: what attribute() must agree with on small histories.
#pragma once

#include "attribution/input.h"

namespace r8scan::attribution::test {

Output reference(const Input& input, const Limits& limits = {});

}  // namespace r8scan::attribution::test
