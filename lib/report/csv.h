// Comma-separated values (RFC 4180) for spreadsheets: a header, and a line for each finding.
//
// A spreadsheet takes a cell that begins with = + - @ for a formula, and a file name or an author may begin so: such a
// cell gets an apostrophe in front, which spreadsheets show as text. Cells hold no line ends or control characters.
#pragma once

#include <r8scan/scan.h>

#include "report/writer.h"

#include <string>
#include <string_view>

namespace r8scan::report {

class CsvReport : public Sink {
public:
    /// The writer must outlive the report.
    CsvReport(Writer& out, bool show_secrets) : m_out(out), m_show_secrets(show_secrets) {}

    Result<void> finding(const Finding& finding) override;
    Result<void> summary(const Summary& summary) override;

private:
    Result<void> write_line(const std::string& line);

    Writer& m_out;
    bool m_show_secrets;
    bool m_begun = false;
};

/// Raw bytes as one cell, quoted where need be.
[[nodiscard]] std::string csv_cell(std::string_view raw);

}  // namespace r8scan::report
