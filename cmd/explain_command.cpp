#include "cmd/explain_command.h"

#include "cmd/scan_command.h"
#include "cmd/temporary_clone.h"
#include "finding/suppressed_finding.h"
#include "util/suggest.h"

#include <fmt/format.h>

#include <set>
#include <vector>

namespace r8scan::cmd {
namespace {

/// Keeps the findings of one fingerprint, and what suppresses others of them.
class OneFinding : public Sink {
public:
    explicit OneFinding(const std::string& fingerprint) : m_fingerprint(fingerprint) {}

    Result<void> finding(const Finding& finding) override
    {
        m_known.insert(finding.fingerprint);
        if (is_meant(finding.fingerprint)) {
            m_findings.push_back(finding);
        }
        return {};
    }

    Result<void> summary(const Summary& whole) override
    {
        for (const SuppressedFinding& finding : whole.suppressed_findings) {
            m_known.insert(finding.fingerprint);
            if (is_meant(finding.fingerprint)) {
                m_suppressed.push_back(finding);
            }
        }
        m_summary = whole;
        return {};
    }

    [[nodiscard]] const std::vector<Finding>& findings() const { return m_findings; }
    [[nodiscard]] const std::vector<SuppressedFinding>& suppressed() const { return m_suppressed; }

    /// Of the scan, with what is true for these findings.
    [[nodiscard]] Summary told() const
    {
        Summary summary = m_summary;
        summary.findings = m_findings.size();
        summary.tokens = m_findings.empty() ? 0 : 1;
        summary.placeholders = 0;
        summary.suppressed = 0;
        summary.suppressed_findings.clear();
        return summary;
    }

    [[nodiscard]] Error unknown() const
    {
        const std::vector<std::string_view> known(m_known.begin(), m_known.end());
        const auto meant = nearest(m_fingerprint, known);
        const std::string hint = meant             ? fmt::format("did you mean {}?", *meant)
                                 : m_known.empty() ? std::string("there is no finding at all")
                                                   : std::string("`r8scan git -v` shows them");
        return {ErrorCode::usage, fmt::format("nothing here has the fingerprint \"{}\": {}{}", m_fingerprint, hint,
                                              m_summary.complete ? "" : " (not everything could be read)")};
    }

private:
    /// As a report writes it, or its hex digits alone.
    [[nodiscard]] bool is_meant(const std::string& fingerprint) const
    {
        return fingerprint == m_fingerprint || fingerprint.substr(fingerprint.rfind(':') + 1) == m_fingerprint;
    }

    const std::string& m_fingerprint;
    std::set<std::string> m_known;
    std::vector<Finding> m_findings;
    std::vector<SuppressedFinding> m_suppressed;
    Summary m_summary;
};

/// "other commands leave this one out: ignore file .r8scanignore:3: dead since May".
void add_who_suppresses(const std::vector<SuppressedFinding>& findings, Summary& summary)
{
    std::vector<std::string> notes;
    for (const auto& [why, count] : counted(findings)) {
        notes.push_back(fmt::format("other commands leave {} out: {}",
                                    count == 1 ? std::string("this one") : fmt::format("{} of these", count),
                                    in_words(why)));
    }
    summary.notes.insert(summary.notes.begin(), notes.begin(), notes.end());
}

/// What is suppressed is known in short alone, so the places of such a finding come from a second scan that heeds nothing.
Result<Summary> explain(ScanOptions options, const std::string& fingerprint, Sink& sink, Control& control)
{
    OneFinding one(fingerprint);
    Result<Summary> scanned = scan_repository(options, one, control);
    if (!scanned) {
        return scanned;
    }
    const std::vector<SuppressedFinding> suppressed = one.suppressed();
    OneFinding all(fingerprint);
    const bool again = !suppressed.empty() && !scanned->interrupted;
    if (again) {
        options.suppression.by_repository = false;
        options.suppression.baselines.clear();
        scanned = scan_repository(options, all, control);
        if (!scanned) {
            return scanned;
        }
    }
    const OneFinding& told = again && !all.findings().empty() ? all : one;
    if (told.findings().empty() && suppressed.empty()) {
        return one.unknown();
    }
    for (const Finding& finding : told.findings()) {
        if (const Result<void> done = sink.finding(finding); !done) {
            return done.error();
        }
    }
    Summary summary = told.told();
    add_who_suppresses(suppressed, summary);
    if (const Result<void> done = sink.summary(summary); !done) {
        return done.error();
    }
    return summary;
}

}  // namespace

int run_explain(ExplainPlan& plan, const Terminal& terminal)
{
    return run_scan(plan, terminal, [&](Sink& sink, Control& control) {
        return scan_where_it_is(plan.scan, control, [&](const ScanOptions& options) {
            return explain(options, plan.fingerprint, sink, control);
        });
    });
}

}  // namespace r8scan::cmd
