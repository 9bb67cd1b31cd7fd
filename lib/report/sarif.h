// SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), for code scanning at GitHub and
// wherever else results of static analysis are read.
//
// A result is a finding. Its location is where the token stands at HEAD, or else where it was introduced; then the
// introducing place is a related location. Results are written as they come, and the tool and its rules behind them.
// GitHub takes 25,000 results a run, so more of them make several runs, each of its own category. It shows results that
// are suppressed as open alerts, so these are only written where they are asked for.
#pragma once

#include <r8scan/scan.h>

#include "report/line_hash.h"
#include "report/record.h"
#include "report/writer.h"

#include <cstddef>
#include <string>
#include <vector>

namespace r8scan::report {

struct SarifOptions {
    LineHashes* line_hashes = nullptr;  // for files that are present; none without it
    bool show_secrets = false;          // snippets in the clear
    bool suppressed = false;            // list suppressed findings, as results that are suppressed
    std::size_t results_per_run = 25000;
};

class SarifReport : public Sink {
public:
    /// The writer, and what the options point to, must outlive the report.
    SarifReport(Writer& out, const SarifOptions& options) : m_out(out), m_options(options) {}

    Result<void> finding(const Finding& finding) override;
    Result<void> summary(const Summary& summary) override;

private:
    Result<void> begin_run();
    Result<void> end_run(const Summary* summary);
    Result<void> room_for_a_result();
    Result<void> write_result(const Record& result);
    std::size_t index_of_rule(const std::string& rule);

    Writer& m_out;
    SarifOptions m_options;
    std::vector<std::string> m_rules;  // of this run, by index
    std::size_t m_results = 0;         // in this run
    std::size_t m_runs = 0;            // begun
};

}  // namespace r8scan::report
