// GitLab's report of secret detection, gl-secret-detection-report.json, schema 15.2
// (https://docs.gitlab.com/development/integrations/secure/,
// https://gitlab.com/gitlab-org/security-products/security-report-schemas).
//
// A vulnerability is a finding. The location is that of the introducing commit, as GitLab's own analyzer has it, and
// GitLab demands a commit: what none introduced has the zero id. Written as findings come, the scan's data behind them.
#pragma once

#include <r8scan/scan.h>

#include "report/clock.h"
#include "report/writer.h"

namespace r8scan::report {

class GitlabReport : public Sink {
public:
    /// The writer must outlive the report. The scan ended when its summary comes, by this clock.
    GitlabReport(Writer& out, Clock clock, bool show_secrets)
        : m_out(out), m_clock(std::move(clock)), m_show_secrets(show_secrets)
    {
    }

    Result<void> finding(const Finding& finding) override;
    Result<void> summary(const Summary& summary) override;

private:
    Writer& m_out;
    Clock m_clock;
    bool m_show_secrets;
    bool m_begun = false;
};

}  // namespace r8scan::report
