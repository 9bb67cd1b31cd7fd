#include "report/place.h"

namespace r8scan::report {

Place place_of(const Finding& finding)
{
    Place place{finding.path.value_or(""), finding.position.line,       finding.position.column,
                finding.position.end_line, finding.position.end_column, false};
    if (!finding.at_head || !finding.head_path) {
        return place;
    }
    const std::uint64_t line = finding.head_line.value_or(1);
    if (*finding.head_path == place.path && line == place.line) {
        return place;
    }
    return {*finding.head_path, line, 0, 0, 0, true};
}

std::string name_of_place(const Finding& finding)
{
    if (const Place place = place_of(finding); !place.path.empty()) {
        return place.path;
    }
    std::string name = finding.kind.empty() ? "object" : finding.kind;
    if (!finding.object.empty()) {
        name += ' ' + finding.object.substr(0, 10);
    }
    return name;
}

}  // namespace r8scan::report
