// Where the reader of a report should look for a token, for the formats that name one place a finding.
//
// A finding says where its token stood in the commit that introduced it. Build servers show the newest commit instead:
// where the token still stands at HEAD, that place is the one to show, and it may have another path and line.
#pragma once

#include <r8scan/finding.h>

#include <cstdint>
#include <string>

namespace r8scan::report {

struct Place {
    std::string path;  // raw bytes; empty where the token stands in no file
    std::uint64_t line = 1;
    std::uint64_t column = 0;  // 0: not known, and so are the end's line and column
    std::uint64_t end_line = 0;
    std::uint64_t end_column = 0;
    bool moved = false;  // another path or line than in the introducing commit
};

/// Where it stands at HEAD, or else where it was introduced.
[[nodiscard]] Place place_of(const Finding& finding);

/// A name for the place that is never empty: the path, or for what stands in no file the object's ("commit 400ef4e9a9")
/// or the kind ("stdin"). Raw bytes.
[[nodiscard]] std::string name_of_place(const Finding& finding);

}  // namespace r8scan::report
