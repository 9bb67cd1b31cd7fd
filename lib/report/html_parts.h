// The parts of the HTML report that are plain markup: they stand there with and without scripts.
#pragma once

#include <r8scan/finding.h>

#include "report/story.h"

#include <cstdint>
#include <string>
#include <vector>

namespace r8scan::report {

/// What to do, in order. Empty where nothing was found.
[[nodiscard]] std::string html_advice(const std::vector<Story>& stories);

/// The longest bars by folder and by author, as lists that the script makes filters of.
[[nodiscard]] std::string html_charts(const std::vector<Story>& stories);

/// The table of findings with the first places of them.
[[nodiscard]] std::string html_findings(const std::vector<Story>& stories, std::int64_t now, std::size_t max_places,
                                        bool show_secrets);

/// What was read, what was not, and the way out.
[[nodiscard]] std::string html_coverage(const Summary& summary);

}  // namespace r8scan::report
