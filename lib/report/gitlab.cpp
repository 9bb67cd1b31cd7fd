#include "report/gitlab.h"

#include "report/place.h"
#include "report/record.h"
#include "report/rule_text.h"
#include "report/text_verdict.h"
#include "report/uri.h"
#include "report/wording.h"
#include "util/escape.h"
#include "util/hash.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace r8scan::report {
namespace {

constexpr const char* no_commit = "0000000000000000000000000000000000000000";

/// The name of a finding in this report: 32 hex digits of a hash over what tells it from the others, written as a UUID
/// of version 8 (RFC 9562), whose digits are the maker's own.
std::string uuid_of(const Finding& finding)
{
    const std::string key = fmt::format("{}\n{}\n{}\n{}\n{}\n{}:{}:{}", finding.fingerprint, finding.path.value_or(""),
                                        finding.commit.value_or(""), finding.object, finding.kind,
                                        finding.position.line, finding.position.column, finding.position.offset);
    std::string hex = sha256_hex(std::as_bytes(std::span(key)));
    hex[12] = '8';
    hex[16] = 'a';
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4),
                       hex.substr(20, 12));
}

const char* severity_of(const Finding& finding)
{
    if (finding.placeholder || (finding.verification && finding.verification->status == "inactive")) {
        return "Info";
    }
    switch (finding.confidence) {
        case Confidence::high:
            return "Critical";
        case Confidence::medium:
            return "High";
        case Confidence::low:
            break;
    }
    return "Low";
}

std::string description_of(const Finding& finding)
{
    std::string text =
        fmt::format("{} {}", title_of_rule(finding.rule), escape_for_terminal(finding.secret->redacted()));
    if (finding.removed_in) {
        text += fmt::format(", removed in {}", escape_for_terminal(finding.removed_in->substr(0, 10)));
    }
    if (finding.at_head) {
        text += ", still at HEAD";
    }
    if (finding.verification) {
        text += ", verified: " + escape_for_terminal(finding.verification->status);
    }
    if (finding.revocation) {
        text += ", revocation: " + escape_for_terminal(finding.revocation->status);
    }
    return text;
}

Record location_of(const Finding& finding)
{
    Record location;
    location["file"] = utf8_or_hex(finding.path.value_or(name_of_place(finding)));
    location["start_line"] = finding.position.line;
    location["end_line"] = finding.position.end_line;
    Record& commit = location["commit"];
    commit["sha"] = utf8_or_hex(finding.commit.value_or(no_commit));
    for (const auto& [name, value] : {std::pair("author", &finding.author), std::pair("date", &finding.date),
                                      std::pair("message", &finding.subject)}) {
        if (*value && !(*value)->empty()) {
            commit[name] = utf8_or_hex(**value);
        }
    }
    return location;
}

Record vulnerability(const Finding& finding, bool show_secrets)
{
    Record record;
    record["id"] = uuid_of(finding);
    record["category"] = "secret_detection";
    record["name"] = title_of_rule(finding.rule);
    record["description"] = description_of(finding);
    record["severity"] = severity_of(finding);
    record["solution"] = advice_on_rule(finding.rule);
    Record identifier;
    identifier["type"] = "r8scan_rule_id";
    identifier["name"] = "r8scan rule " + escape_for_terminal(finding.rule);
    identifier["value"] = utf8_or_hex(finding.rule);
    record["identifiers"].push_back(std::move(identifier));
    if (finding.link && is_web_address(*finding.link)) {
        Record link;
        link["name"] = "the place in the introducing commit";
        link["url"] = *finding.link;
        record["links"].push_back(std::move(link));
    }
    record["location"] = location_of(finding);
    record["raw_source_code_extract"] =
        utf8_or_hex(show_secrets ? std::string(finding.secret->reveal()) : finding.secret->redacted());
    return record;
}

/// "2024-05-06T10:11:12", UTC: no zone is written.
std::string time_text(std::int64_t seconds)
{
    const auto time = static_cast<std::time_t>(seconds);
    std::tm parts{};
    gmtime_r(&time, &parts);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}", parts);
}

Record program_record(const Summary& summary)
{
    Record record;
    record["id"] = "r8scan";
    record["name"] = "r8scan";
    record["version"] = summary.version.empty() ? version() : summary.version;
    record["vendor"]["name"] = "r8scan";
    return record;
}

void add_messages(Record& messages, const char* level, const std::vector<Skip>& skips)
{
    for (const Skip& skip : skips) {
        Record entry;
        entry["level"] = level;
        entry["value"] = escape_for_terminal(fmt::format("{}: {}{}{}", skip.reason, with_separators(skip.count),
                                                         skip.way_out.empty() ? "" : "; way out: ", skip.way_out));
        messages.push_back(std::move(entry));
    }
}

Record scan_record(const Summary& summary, std::int64_t ended)
{
    Record record;
    record["analyzer"] = program_record(summary);
    record["scanner"] = program_record(summary);
    record["type"] = "secret_detection";
    record["start_time"] = time_text(ended - static_cast<std::int64_t>(summary.elapsed_ms / 1000));
    record["end_time"] = time_text(ended);
    record["status"] = summary.complete && !summary.interrupted ? "success" : "failure";
    Record messages = Record::array();
    add_messages(messages, "warn", summary.skipped);
    add_messages(messages, "info", summary.unopened);
    Record last;
    last["level"] = summary.complete ? "info" : "warn";
    last["value"] = verdict(summary);
    messages.push_back(std::move(last));
    record["messages"] = std::move(messages);
    return record;
}

}  // namespace

Result<void> GitlabReport::finding(const Finding& finding)
{
    const char* const before = m_begun ? ",\n" : "{\"version\":\"15.2.1\",\n\"vulnerabilities\":[\n";
    m_begun = true;
    return m_out.write(before + one_line(vulnerability(finding, m_show_secrets)));
}

Result<void> GitlabReport::summary(const Summary& summary)
{
    const char* const before = m_begun ? "\n],\n" : "{\"version\":\"15.2.1\",\n\"vulnerabilities\":[],\n";
    return m_out.write(before + ("\"scan\":" + one_line(scan_record(summary, m_clock()))) + "}\n");
}

}  // namespace r8scan::report
