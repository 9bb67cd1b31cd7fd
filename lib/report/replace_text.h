// The list that `git filter-repo --replace-text FILE` takes (https://github.com/newren/git-filter-repo): a line for
// each distinct token, literal:TOKEN==>***REMOVED***.
//
// The one report that always holds tokens in the clear: whoever makes it is asked for by name, and keeps it private.
// Purging history comes after revoking. A token that stands encoded is not reached by it.
#pragma once

#include <r8scan/scan.h>

#include "report/writer.h"

#include <set>
#include <string>

namespace r8scan::report {

class ReplaceTextReport : public Sink {
public:
    /// The writer must outlive the report.
    explicit ReplaceTextReport(Writer& out) : m_out(out) {}

    /// Fails where the token is only known redacted, as in a report that was read again.
    Result<void> finding(const Finding& finding) override;
    Result<void> summary(const Summary& summary) override;

private:
    Writer& m_out;
    std::set<std::string> m_told;  // by SHA-256
};

}  // namespace r8scan::report
