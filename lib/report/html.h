// One HTML page for people who look into a scan together: verdict, what to do, each token's timeline, charts by folder
// and author, every place, and what was read.
//
// The page needs nothing but itself: style and script are inside (lib/report/page), a Content-Security-Policy names
// them by their hashes and forbids everything else. The findings are data in it, which the script shows page by page,
// so that 50,000 of them open at once; the first ones also stand there as plain markup, for readers without scripts.
#pragma once

#include <r8scan/scan.h>

#include "report/clock.h"
#include "report/writer.h"

#include <cstddef>
#include <vector>

namespace r8scan::report {

struct HtmlOptions {
    bool show_secrets = false;
    std::size_t plain_places = 200;  // as plain markup
};

class HtmlReport : public Sink {
public:
    /// The writer must outlive the report. What has not ended was exposed until the time when the summary comes.
    HtmlReport(Writer& out, Clock clock, const HtmlOptions& options)
        : m_out(out), m_clock(std::move(clock)), m_options(options)
    {
    }

    Result<void> finding(const Finding& finding) override;
    Result<void> summary(const Summary& summary) override;

private:
    Writer& m_out;
    Clock m_clock;
    HtmlOptions m_options;
    std::vector<Finding> m_findings;
};

}  // namespace r8scan::report
