#include "report/gitleaks.h"

#include "report/record.h"
#include "report/rule_text.h"
#include "util/escape.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace r8scan::report {
namespace {

/// Bits a byte, after Shannon. Of a token that is only known redacted it would say nothing, and is 0.
double entropy_of(const Secret& secret)
{
    const std::string_view bytes = secret.reveal();
    if (bytes.empty() || bytes == secret.redacted()) {
        return 0;
    }
    std::array<std::size_t, 256> counts{};
    for (const char c : bytes) {
        ++counts[static_cast<unsigned char>(c)];
    }
    double bits = 0;
    for (const std::size_t count : counts) {
        if (count > 0) {
            const double share = static_cast<double>(count) / static_cast<double>(bytes.size());
            bits -= share * std::log2(share);
        }
    }
    return std::round(bits * 1000) / 1000;
}

/// commit:file:rule:line as gitleaks has it, without the commit where there is none: what .gitleaksignore lists.
std::string fingerprint_of(const Finding& finding)
{
    const std::string rest = fmt::format("{}:{}:{}", finding.path.value_or(""), finding.rule, finding.position.line);
    return finding.commit ? *finding.commit + ':' + rest : rest;
}

Record gitleaks_record(const Finding& finding, bool show_secrets)
{
    const std::string secret =
        utf8_or_hex(show_secrets ? std::string(finding.secret->reveal()) : finding.secret->redacted());
    const auto text = [](const std::optional<std::string>& raw) { return utf8_or_hex(raw.value_or("")); };
    Record record;
    record["RuleID"] = utf8_or_hex(finding.rule);
    record["Description"] = title_of_rule(finding.rule);
    record["StartLine"] = finding.position.line;
    record["EndLine"] = finding.position.end_line;
    record["StartColumn"] = finding.position.column;
    record["EndColumn"] = finding.position.end_column > 1 ? finding.position.end_column - 1 : 1;
    record["Match"] = secret;
    record["Secret"] = secret;
    record["File"] = text(finding.path);
    record["SymlinkFile"] = finding.kind == "symlink" ? text(finding.path) : "";
    record["Commit"] = text(finding.commit);
    record["Link"] = text(finding.link);
    record["Entropy"] = entropy_of(*finding.secret);
    record["Author"] = text(finding.author);
    record["Email"] = text(finding.email);
    record["Date"] = text(finding.date);
    record["Message"] = text(finding.subject);
    Record& tags = record["Tags"] = Record::array();
    tags.push_back(to_string(finding.confidence));
    if (finding.at_head) {
        tags.push_back("at-head");
    }
    if (finding.placeholder) {
        tags.push_back("placeholder");
    }
    record["Fingerprint"] = utf8_or_hex(fingerprint_of(finding));
    return record;
}

}  // namespace

Result<void> GitleaksReport::finding(const Finding& finding)
{
    const char* const before = m_begun ? ",\n" : "[\n";
    m_begun = true;
    return m_out.write(before + one_line(gitleaks_record(finding, m_show_secrets)));
}

Result<void> GitleaksReport::summary(const Summary& /*summary*/)
{
    return m_out.write(m_begun ? "\n]\n" : "[]\n");
}

}  // namespace r8scan::report
