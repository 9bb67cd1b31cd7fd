// The JSON report of gitleaks (https://github.com/gitleaks/gitleaks#reporting), for what reads that already: an array
// of findings with its fields. `Secret` and `Match` are redacted; columns count as in all of our reports but for the
// end, which gitleaks includes.
#pragma once

#include <r8scan/scan.h>

#include "report/writer.h"

namespace r8scan::report {

class GitleaksReport : public Sink {
public:
    /// The writer must outlive the report.
    GitleaksReport(Writer& out, bool show_secrets) : m_out(out), m_show_secrets(show_secrets) {}

    Result<void> finding(const Finding& finding) override;
    Result<void> summary(const Summary& summary) override;

private:
    Writer& m_out;
    bool m_show_secrets;
    bool m_begun = false;
};

}  // namespace r8scan::report
