// What became of the tokens of a report: how many were revoked or are dead, how many are live, and of how many that is
// not known. Counted once for each token, whatever its places say.
#pragma once

#include <r8scan/finding.h>

#include <cstdint>
#include <string>
#include <vector>

namespace r8scan::report {

struct Fates {
    std::uint64_t active = 0;  // also such that were revoked and still work
    std::uint64_t revoked = 0;
    std::uint64_t inactive = 0;
    std::uint64_t unknown = 0;       // asked about, and no answer that says it
    std::uint64_t not_verified = 0;  // nobody asked

    /// There are some, and none is left that could work.
    [[nodiscard]] bool all_over() const;

    /// "1 active, 3 revoked, 2 inactive"; empty where nobody asked about any.
    [[nodiscard]] std::string text() const;
};

/// Placeholders do not count.
[[nodiscard]] Fates fates_of(const std::vector<Finding>& findings);

}  // namespace r8scan::report
