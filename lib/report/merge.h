// Reports of ours, read again and put together: what `r8scan report` works on.
//
// The same finding (fingerprint, commit, object and place) counts once. Counts of what was read are added up, reasons
// are joined, and one incomplete report makes the whole incomplete.
#pragma once

#include <r8scan/scan.h>

#include "finding/baseline.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace r8scan::report {

class Merge {
public:
    /// Adds a report: the text of a JSON Lines or JSON report. `name` is for messages. One whose summary is missing, as
    /// when it was cut short, is incomplete. Nothing is added where there is an error.
    Result<void> add(std::string_view text, const std::string& name);

    /// Those below the confidence are left out, and placeholders unless they are asked for.
    void keep_only(Confidence at_least, bool placeholders);

    /// What the baseline knows goes to the suppressed ones.
    void suppress(const Baseline& baseline);

    /// Hands everything to the sink and gives the summary that came last.
    Result<Summary> tell(Sink& sink, bool exit_zero);

    /// What was read so far, all reports together.
    [[nodiscard]] const std::vector<Finding>& findings() const { return m_findings; }
    [[nodiscard]] const Summary& summary() const { return m_summary; }

private:
    void add_finding(Finding finding);
    void add_summary(const Summary& summary);
    void add_suppressed(const Summary& summary);

    std::vector<Finding> m_findings;
    std::set<std::string> m_keys;
    std::set<std::string> m_suppressed_keys;
    Summary m_summary;
    bool m_begun = false;
};

}  // namespace r8scan::report
