// What a fuzz target asserts, whatever the build type.
#pragma once

#include <cstdlib>

inline void require(bool holds)
{
    if (!holds) {
        std::abort();
    }
}
