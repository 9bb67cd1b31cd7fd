#include "report/github.h"

#include "report/github_summary.h"
#include "report/place.h"
#include "report/rule_text.h"
#include "report/text_verdict.h"
#include "report/wording.h"
#include "util/escape.h"

#include <fmt/format.h>

#include <algorithm>

namespace r8scan::report {
namespace {

/// Commands end at a line's end; data keep theirs as %0A.
std::string escape_data(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '%':
                out += "%25";
                break;
            case '\r':
                out += "%0D";
                break;
            case '\n':
                out += "%0A";
                break;
            default:
                out += c;
        }
    }
    return out;
}

/// Properties are parted by commas and end at a colon.
std::string escape_property(std::string_view text)
{
    std::string out;
    for (const char c : escape_data(text)) {
        if (c == ':') {
            out += "%3A";
        } else if (c == ',') {
            out += "%2C";
        } else {
            out += c;
        }
    }
    return out;
}

const char* command_of(const Finding& finding)
{
    if (finding.placeholder || finding.confidence == Confidence::low ||
        (finding.verification && finding.verification->status == "inactive")) {
        return "notice";
    }
    return finding.confidence == Confidence::high ? "error" : "warning";
}

std::string message_of(const Finding& finding, bool show_secrets)
{
    std::string text = show_secrets ? std::string(finding.secret->reveal()) : finding.secret->redacted();
    text = escape_for_terminal(text);
    if (finding.commit) {
        text += fmt::format(" introduced {} {}", finding.at_or_before ? "at or before" : "in",
                            escape_for_terminal(finding.commit->substr(0, 10)));
    }
    if (finding.removed_in) {
        text += ", removed in " + escape_for_terminal(finding.removed_in->substr(0, 10));
    }
    if (finding.at_head) {
        text += ", still at HEAD";
    }
    if (finding.confidence != Confidence::high) {
        text += fmt::format(", {} confidence", to_string(finding.confidence));
    }
    if (finding.verification) {
        text += ", verified: " + escape_for_terminal(finding.verification->status);
    }
    if (finding.revocation) {
        text += ", revocation: " + escape_for_terminal(finding.revocation->status);
    }
    return text + ". " + short_advice_on_rule(finding.rule);
}

std::string command_line(const Finding& finding, bool show_secrets)
{
    const Place place = place_of(finding);
    std::string line = fmt::format("::{} ", command_of(finding));
    if (!place.path.empty()) {
        line += fmt::format("file={},line={}", escape_property(escape_for_terminal(place.path)), place.line);
        // Columns are only understood within one line.
        if (place.column > 0 && place.line == place.end_line) {
            line += fmt::format(",col={},endColumn={}", place.column, place.end_column);
        }
        line += ',';
    }
    std::string title = title_of_rule(finding.rule);
    if (place.path.empty()) {
        title += " in " + escape_for_terminal(name_of_place(finding));
    }
    line += fmt::format("title={}::{}\n", escape_property(title), escape_data(message_of(finding, show_secrets)));
    return line;
}

}  // namespace

Result<void> GithubReport::finding(const Finding& finding)
{
    m_findings.push_back(finding);
    return {};
}

Result<void> GithubReport::summary(const Summary& summary)
{
    std::stable_partition(m_findings.begin(), m_findings.end(), [](const Finding& f) { return f.at_head; });
    for (const Finding& finding : m_findings) {
        if (Result<void> done = m_out.write(command_line(finding, m_options.show_secrets)); !done) {
            return done;
        }
    }
    for (const Skip& skip : summary.skipped) {
        const std::string text =
            escape_for_terminal(fmt::format("{}: {}{}{}", skip.reason, with_separators(skip.count),
                                            skip.way_out.empty() ? "" : "; way out: ", skip.way_out));
        if (Result<void> done =
                m_out.write("::error title=r8scan could not read everything::" + escape_data(text) + '\n');
            !done) {
            return done;
        }
    }
    if (Result<void> done = m_out.write("r8scan: " + verdict(summary) + '\n'); !done) {
        return done;
    }
    return m_options.step_summary == nullptr
               ? Result<void>()
               : m_options.step_summary->write(github_summary(m_findings, summary, m_options));
}

}  // namespace r8scan::report
