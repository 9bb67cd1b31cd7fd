// JSON Lines (https://jsonlines.org): one finding record a line, then the summary record as the last line.
#pragma once

#include <r8scan/scan.h>

#include "report/writer.h"

namespace r8scan::report {

class JsonlReport : public Sink {
public:
    /// The writer must outlive the report.
    JsonlReport(Writer& out, bool show_secrets) : m_out(out), m_show_secrets(show_secrets) {}

    Result<void> finding(const Finding& finding) override;
    Result<void> summary(const Summary& summary) override;

private:
    Writer& m_out;
    bool m_show_secrets;
};

}  // namespace r8scan::report
