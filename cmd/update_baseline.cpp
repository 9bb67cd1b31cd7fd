#include "cmd/update_baseline.h"

#include "finding/baseline.h"
#include "finding/fingerprint.h"
#include "report/wording.h"
#include "util/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <system_error>

namespace r8scan::cmd {

namespace fs = std::filesystem;

namespace {

/// Why what is absent from the reports may stand all the same; empty where it cannot.
std::string reason_to_keep(const Summary& summary)
{
    if (summary.interrupted || !summary.complete) {
        return "not everything was read";
    }
    if (summary.suppressed != summary.suppressed_findings.size()) {
        return "a report does not name what it left out";
    }
    switch (summary.source) {
        case ScanSource::repository:
        case ScanSource::files:
            return "";
        case ScanSource::range:
        case ScanSource::index:
            return "a report is of a change alone";
        case ScanSource::stream:
            return "a report is of a stream";
    }
    return "";
}

bool is_same_file(const std::string& name, const fs::path& file)
{
    std::error_code error;
    return name == file.string() || fs::equivalent(name, file, error);
}

/// What the file knew by gitleaks' names is known by ours from now on; how many those are.
std::size_t take_over(Baseline& baseline, const fs::path& file, const Summary& summary)
{
    std::size_t taken = 0;
    for (const SuppressedFinding& left_out : summary.suppressed_findings) {
        if (left_out.why.by == "baseline" && !baseline.knows(left_out.fingerprint) &&
            is_same_file(left_out.why.origin, file)) {
            Finding finding;
            finding.rule = rule_of_fingerprint(left_out.fingerprint);
            finding.fingerprint = left_out.fingerprint;
            finding.secret = std::make_shared<const Secret>(left_out.redacted);
            taken += baseline.add(finding) ? 1U : 0U;
        }
    }
    return taken;
}

}  // namespace

Result<BaselineUpdate> update_baseline(const fs::path& file, const report::Merge& reports, Confidence at_least)
{
    Baseline baseline;
    if (const Result<void> read = baseline.add_file(file); !read && read.error().code() != ErrorCode::not_found) {
        return read.error();
    }
    BaselineUpdate update;
    const Summary& summary = reports.summary();
    update.why_none_dropped = reason_to_keep(summary);
    if (baseline.of_gitleaks() > 0 && !update.why_none_dropped.empty()) {
        return Error(ErrorCode::usage,
                     fmt::format("{} is a report of gitleaks, which becomes a baseline of ours only by a report of "
                                 "everything, and {}: write the new one to another file",
                                 quoted(file), update.why_none_dropped));
    }
    std::set<std::string, std::less<>> standing;
    for (const SuppressedFinding& left_out : summary.suppressed_findings) {
        standing.insert(left_out.fingerprint);
    }
    const std::size_t taken_over = take_over(baseline, file, summary);
    update.dropped = baseline.of_gitleaks() - std::min(taken_over, baseline.of_gitleaks());
    for (const Finding& finding : reports.findings()) {
        if (!finding.placeholder) {
            standing.insert(finding.fingerprint);
            update.added += finding.confidence >= at_least && baseline.add(finding) ? 1U : 0U;
        }
    }
    if (update.why_none_dropped.empty()) {
        update.dropped += baseline.keep_only(standing);
    }
    update.kept = baseline.of_ours() - update.added;
    update.text = baseline.to_json();
    return update;
}

std::string in_words(const BaselineUpdate& update, const std::string& file)
{
    std::string text =
        fmt::format("baseline {}: {}: {} added, {} kept", file, report::count_of(update.added + update.kept, "finding"),
                    report::with_separators(update.added), report::with_separators(update.kept));
    if (!update.why_none_dropped.empty()) {
        return text + fmt::format(", none dropped, since {}", update.why_none_dropped);
    }
    return text + fmt::format(", {} dropped that {} stand any more", report::with_separators(update.dropped),
                              update.dropped == 1 ? "does not" : "do not");
}

}  // namespace r8scan::cmd
