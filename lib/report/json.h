// One JSON object, {"findings":[…],"summary":{…}}, with the records of JSON Lines, one a line for the sake of diffs.
// It is written as findings come: nothing is held back until the end.
#pragma once

#include <r8scan/scan.h>

#include "report/writer.h"

namespace r8scan::report {

class JsonReport : public Sink {
public:
    /// The writer must outlive the report.
    JsonReport(Writer& out, bool show_secrets) : m_out(out), m_show_secrets(show_secrets) {}

    Result<void> finding(const Finding& finding) override;
    Result<void> summary(const Summary& summary) override;

private:
    Writer& m_out;
    bool m_show_secrets;
    bool m_begun = false;
};

}  // namespace r8scan::report
