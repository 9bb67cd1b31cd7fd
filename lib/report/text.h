// The report for people: tokens, at most ten places for each, and a verdict that says what was read and what was not.
//
// Findings are held until the summary comes, because they are grouped by token whatever their order. Nothing in it
// depends on time or on the number of threads, so two runs over the same repository give the same bytes.
#pragma once

#include <r8scan/scan.h>

#include "report/writer.h"

#include <vector>

namespace r8scan::report {

/// What is waiting for the report: it decides what the report says is to be done next.
enum class Occasion { none, commit, message, push, receive, pipeline };

struct TextOptions {
    bool colour = false;
    bool show_secrets = false;
    bool quiet = false;             // findings, and the verdict only where the scan is incomplete
    bool verbose = false;           // every place, ref and example that there is
    bool reasons = false;           // for each place how sure it is and why, and what names it
    Occasion occasion = Occasion::none;
    std::size_t places = 10;        // listed for each token
    std::size_t refs = 4;           // named for each place
    std::size_t skip_examples = 3;  // named for each reason
};

class TextReport : public Sink {
public:
    /// The writer must outlive the report.
    TextReport(Writer& out, const TextOptions& options);

    Result<void> finding(const Finding& finding) override;
    Result<void> summary(const Summary& summary) override;

private:
    Writer& m_out;
    TextOptions m_options;
    std::vector<Finding> m_findings;
};

}  // namespace r8scan::report
