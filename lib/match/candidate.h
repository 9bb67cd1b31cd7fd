// A match that has not been judged yet.
#pragma once

#include <compare>
#include <cstdint>

namespace r8scan {

struct Candidate {
    std::uint32_t rule = 0;  // into Matcher::rules()
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    friend auto operator<=>(const Candidate&, const Candidate&) = default;
};

}  // namespace r8scan
