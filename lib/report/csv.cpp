#include "report/csv.h"

#include "util/escape.h"

#include <fmt/format.h>

#include <vector>

namespace r8scan::report {
namespace {

constexpr std::string_view columns =
    "rule,confidence,secret,token_sha256,encoding,kind,path,line,column,commit,author,email,date,subject,removed_in,"
    "at_head,head_path,head_line,reachable,refs,link,repository,fingerprint,verification,revocation,why";

std::string yes_or_no(bool known, bool value)
{
    return !known ? "" : value ? "true" : "false";
}

std::string optional_text(const std::optional<std::string>& text)
{
    return text.value_or("");
}

std::vector<std::string> cells_of(const Finding& finding, bool show_secrets)
{
    return {finding.rule,
            finding.placeholder ? "placeholder" : to_string(finding.confidence),
            show_secrets ? std::string(finding.secret->reveal()) : finding.secret->redacted(),
            finding.token_sha256,
            fmt::format("{}", fmt::join(finding.encoding, " > ")),
            finding.kind,
            optional_text(finding.path),
            std::to_string(finding.position.line),
            std::to_string(finding.position.column),
            optional_text(finding.commit),
            optional_text(finding.author),
            optional_text(finding.email),
            optional_text(finding.date),
            optional_text(finding.subject),
            optional_text(finding.removed_in),
            yes_or_no(finding.attributed, finding.at_head),
            optional_text(finding.head_path),
            finding.head_line ? std::to_string(*finding.head_line) : "",
            yes_or_no(finding.attributed, finding.reachable),
            finding.refs ? fmt::format("{}", fmt::join(*finding.refs, " ")) : "",
            optional_text(finding.link),
            finding.repository,
            finding.fingerprint,
            finding.verification ? finding.verification->status : "",
            finding.revocation ? finding.revocation->status : "",
            finding.why};
}

}  // namespace

std::string csv_cell(std::string_view raw)
{
    constexpr std::string_view formula_begins("=+-@\t\0", 6);
    std::string text = escape_for_terminal(raw);
    if (!raw.empty() && formula_begins.find(raw.front()) != std::string_view::npos) {
        text.insert(text.begin(), '\'');
    }
    if (text.find_first_of(",\"") == std::string::npos) {
        return text;
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted.append(c == '"' ? 2 : 1, c);
    }
    return quoted + '"';
}

Result<void> CsvReport::write_line(const std::string& line)
{
    return m_out.write(line + "\r\n");
}

Result<void> CsvReport::finding(const Finding& finding)
{
    if (!m_begun) {
        m_begun = true;
        if (Result<void> done = write_line(std::string(columns)); !done) {
            return done;
        }
    }
    std::string line;
    for (const std::string& cell : cells_of(finding, m_show_secrets)) {
        line += csv_cell(cell) + ',';
    }
    line.pop_back();
    return write_line(line);
}

Result<void> CsvReport::summary(const Summary& /*summary*/)
{
    return m_begun ? Result<void>() : write_line(std::string(columns));
}

}  // namespace r8scan::report
