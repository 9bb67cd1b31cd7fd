#include "cmd/explain_command.h"

#include "cmd/scan_command.h"
#include "cmd/suggest.h"
#include "cmd/temporary_clone.h"

#include <fmt/format.h>

#include <set>
#include <vector>

namespace r8scan::cmd {
namespace {

/// Lets the findings of one fingerprint through, and tells of a summary what is true for these.
class OneFinding : public Sink {
public:
    OneFinding(Sink& sink, const std::string& fingerprint) : m_sink(sink), m_fingerprint(fingerprint) {}

    Result<void> finding(const Finding& finding) override
    {
        m_known.insert(finding.fingerprint);
        if (!is_meant(finding.fingerprint)) {
            return {};
        }
        ++m_places;
        return m_sink.finding(finding);
    }

    Result<void> summary(const Summary& whole) override
    {
        if (m_places == 0) {
            return unknown(whole);
        }
        Summary summary = whole;
        summary.findings = m_places;
        summary.tokens = 1;
        summary.placeholders = 0;
        return m_sink.summary(summary);
    }

private:
    /// As a report writes it, or its hex digits alone.
    [[nodiscard]] bool is_meant(const std::string& fingerprint) const
    {
        return fingerprint == m_fingerprint || fingerprint.substr(fingerprint.rfind(':') + 1) == m_fingerprint;
    }

    [[nodiscard]] Error unknown(const Summary& whole) const
    {
        const std::vector<std::string_view> known(m_known.begin(), m_known.end());
        const auto meant = nearest(m_fingerprint, known);
        const std::string hint = meant             ? fmt::format("did you mean {}?", *meant)
                                 : m_known.empty() ? std::string("there is no finding at all")
                                                   : std::string("`r8scan git -v` shows them");
        return {ErrorCode::usage, fmt::format("nothing here has the fingerprint \"{}\": {}{}", m_fingerprint, hint,
                                              whole.complete ? "" : " (not everything could be read)")};
    }

    Sink& m_sink;
    const std::string& m_fingerprint;
    std::set<std::string> m_known;
    std::uint64_t m_places = 0;
};

}  // namespace

int run_explain(ExplainPlan& plan, const Terminal& terminal)
{
    return run_scan(plan, terminal, [&](Sink& sink, Control& control) {
        OneFinding one(sink, plan.fingerprint);
        return scan_where_it_is(plan.scan, control,
                                [&](const ScanOptions& options) { return scan_repository(options, one, control); });
    });
}

}  // namespace r8scan::cmd
