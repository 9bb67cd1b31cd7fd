// The page of a step at GitHub: verdict, a table of findings, what was not read, what to do. GitHub's Markdown.
#pragma once

#include <r8scan/finding.h>

#include "report/github.h"

#include <string>
#include <vector>

namespace r8scan::report {

[[nodiscard]] std::string github_summary(const std::vector<Finding>& findings, const Summary& summary,
                                         const GithubOptions& options);

/// Text as Markdown shows it literally, in a cell of a table too.
[[nodiscard]] std::string markdown_text(std::string_view raw);

}  // namespace r8scan::report
