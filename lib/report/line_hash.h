// The hash by which GitHub's code scanning knows a line again after lines above it came or went:
// `primaryLocationLineHash` of SARIF results (https://docs.github.com/code-security/code-scanning, "Providing data to
// track code scanning alerts across runs").
//
// For each line it is a polynomial of the next 100 characters (UTF-16 units) that are neither blank nor tab, counted
// from the line's start, with every line ending as one newline, followed by which of the equal ones it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan::report {

/// The hash of each line, "c129715d7a2bc9a3:1". The content is UTF-8; of a file that is not, other tools may compute
/// other hashes.
[[nodiscard]] std::vector<std::string> line_hashes(std::string_view content);

/// Whoever can read the files of the tree that the findings are about. Reports read no files.
class LineHashes {
public:
    virtual ~LineHashes() = default;

    /// The hash of a line, from 1; nothing where there is no such file or line.
    virtual std::optional<std::string> of(std::string_view path, std::uint64_t line) = 0;
};

}  // namespace r8scan::report
