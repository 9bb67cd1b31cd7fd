// What is left of a finding that is not reported: enough to name it in a list, and to find it again.
//
// Its place is one text, "src/a.py:12 in commit 0123456789ab", as people read it; what needs the parts takes the text
// apart again.
#pragma once

#include <r8scan/finding.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan {

[[nodiscard]] SuppressedFinding suppressed(const Finding& finding, Suppression why);

/// "ignore file .r8scanignore:3: dead since May": who suppresses it and why. Raw bytes.
[[nodiscard]] std::string in_words(const Suppression& why);

/// The parts of a place; for one that has neither file nor line ("commit in commit 0123456789ab") the path is empty.
struct SuppressedPlace {
    std::string path;
    std::uint64_t line = 0;
};
[[nodiscard]] SuppressedPlace parts_of_place(std::string_view place);

/// How many are suppressed in the same way for the same reason.
struct SuppressedCount {
    Suppression why;
    std::uint64_t count = 0;
};

/// Sorted by who suppresses, where that stands, and the reason.
[[nodiscard]] std::vector<SuppressedCount> counted(const std::vector<SuppressedFinding>& findings);

}  // namespace r8scan
