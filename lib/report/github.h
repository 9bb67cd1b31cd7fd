// Workflow commands of GitHub Actions, a line each, which show as annotations
// (https://docs.github.com/actions/reference/workflow-commands-for-github-actions), and a summary of the step.
//
// Of each kind (error, warning, notice) GitHub shows ten a step, so what still stands at HEAD comes first, and
// everything stands in a table for the step's summary page, in Markdown.
#pragma once

#include <r8scan/scan.h>

#include "report/writer.h"

#include <vector>

namespace r8scan::report {

struct GithubOptions {
    Writer* step_summary = nullptr;  // the file that $GITHUB_STEP_SUMMARY names; null outside of GitHub Actions
    bool show_secrets = false;
    std::size_t rows = 500;  // of the table; the page takes 1 MiB
};

class GithubReport : public Sink {
public:
    /// The writer, and what the options point to, must outlive the report.
    GithubReport(Writer& out, const GithubOptions& options) : m_out(out), m_options(options) {}

    Result<void> finding(const Finding& finding) override;
    Result<void> summary(const Summary& summary) override;

private:
    Writer& m_out;
    GithubOptions m_options;
    std::vector<Finding> m_findings;
};

}  // namespace r8scan::report
