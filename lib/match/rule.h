// A rule as a pattern file states it. The vocabulary is that of gitleaks where it has a word for the thing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace r8scan {

/// How the bytes beside a match are judged.
enum class BoundaryKind : std::uint8_t {
    token,  // as match/boundary.h says: a match inside a longer word is none
    none,   // every match counts
};

struct Rule {
    std::string id;
    std::string description;
    std::string regex;                 // Hyperscan's dialect of PCRE
    std::vector<std::string> anchors;  // expressions of bounded width, one of which every match contains
    BoundaryKind boundary = BoundaryKind::none;
    std::vector<std::string> examples;           // `{token}` stands for a generated token
    std::vector<std::string> negative_examples;
    std::string origin;                // "built in", or the file it came from
};

}  // namespace r8scan
