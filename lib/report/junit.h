// JUnit XML, as build servers read it (https://github.com/testmoapp/junitxml): a test case for each finding, which
// failed, an error for each reason why something was not read, and one test case that passed where there is neither.
#pragma once

#include <r8scan/scan.h>

#include "report/writer.h"

#include <vector>

namespace r8scan::report {

class JunitReport : public Sink {
public:
    /// The writer must outlive the report.
    JunitReport(Writer& out, bool show_secrets) : m_out(out), m_show_secrets(show_secrets) {}

    Result<void> finding(const Finding& finding) override;
    Result<void> summary(const Summary& summary) override;

private:
    Writer& m_out;
    bool m_show_secrets;
    std::vector<Finding> m_findings;  // their number stands before the first of them
};

}  // namespace r8scan::report
