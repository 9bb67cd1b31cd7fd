#include "report/sarif.h"

#include "finding/fingerprint.h"
#include "finding/suppressed_finding.h"
#include "report/rule_text.h"
#include "report/sarif_result.h"
#include "report/text_verdict.h"
#include "report/wording.h"
#include "util/escape.h"

#include <fmt/format.h>

#include <algorithm>

namespace r8scan::report {
namespace {

Record rule_record(const std::string& rule)
{
    Record record;
    record["id"] = utf8_or_hex(rule);
    const std::string title = sarif_message(title_of_rule(rule));
    record["shortDescription"]["text"] = title;
    record["fullDescription"]["text"] =
        title + " in the repository, in its history or in what git keeps beside it. Who reads it can use it.";
    record["help"]["text"] = advice_on_rule(rule);
    if (const std::string_view address = address_for_rule(rule); !address.empty()) {
        record["helpUri"] = address;
    }
    record["defaultConfiguration"]["level"] = "error";
    record["properties"]["security-severity"] = "9.0";  // critical, in GitHub's reading of the number
    record["properties"]["tags"] = {"security", "secret"};
    return record;
}

void add_notification(Record& list, const char* level, const std::string& text)
{
    Record entry;
    entry["level"] = level;
    entry["message"]["text"] = sarif_message(text);
    list.push_back(std::move(entry));
}

void add_skips(Record& list, const char* level, std::string_view label, const std::vector<Skip>& skips)
{
    for (const Skip& skip : skips) {
        std::string text = fmt::format("{}: {}: {}", label, skip.reason, with_separators(skip.count));
        for (const std::string& example : skip.examples) {
            text += "; " + example;
        }
        if (!skip.way_out.empty()) {
            text += "; way out: " + skip.way_out;
        }
        add_notification(list, level, text);
    }
}

Record invocation(const Summary& summary)
{
    Record record;
    record["executionSuccessful"] = summary.complete && !summary.interrupted;
    record["exitCode"] = summary.exit_code;
    Record notifications = Record::array();
    add_skips(notifications, "error", "skipped", summary.skipped);
    add_skips(notifications, "warning", "unopened", summary.unopened);
    for (const std::string& note : summary.notes) {
        add_notification(notifications, "note", note);
    }
    for (const auto& [why, count] : counted(summary.suppressed_findings)) {
        add_notification(notifications, "note",
                         fmt::format("suppressed by {}: {}", in_words(why), with_separators(count)));
    }
    add_notification(notifications, summary.complete ? "note" : "error", verdict(summary));
    record["toolExecutionNotifications"] = std::move(notifications);
    return record;
}

}  // namespace

std::size_t SarifReport::index_of_rule(const std::string& rule)
{
    const auto known = std::find(m_rules.begin(), m_rules.end(), rule);
    const auto index = static_cast<std::size_t>(known - m_rules.begin());
    if (known == m_rules.end()) {
        m_rules.push_back(rule);
    }
    return index;
}

Result<void> SarifReport::begin_run()
{
    std::string text = ",\n";
    if (m_runs++ == 0) {
        text =
            "{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
            "sarif-schema-2.1.0.json\",\n"
            "\"version\":\"2.1.0\",\"runs\":[\n";
    }
    m_results = 0;
    m_rules.clear();
    return m_out.write(text + "{\"columnKind\":\"unicodeCodePoints\",\"results\":[");
}

Result<void> SarifReport::end_run(const Summary* summary)
{
    Record tool;
    Record& driver = tool["driver"];
    driver["name"] = "r8scan";
    driver["semanticVersion"] = summary != nullptr && !summary->version.empty() ? summary->version : version();
    Record& rules = driver["rules"] = Record::array();
    for (const std::string& rule : m_rules) {
        rules.push_back(rule_record(rule));
    }
    std::string text = m_results > 0 ? "\n],\n\"tool\":" : "],\n\"tool\":";
    text += one_line(tool);
    // Runs of one category replace each other where they are uploaded.
    if (m_runs > 1 || summary == nullptr) {
        Record details;
        details["id"] = fmt::format("r8scan/{}/", m_runs);
        text += ",\n\"automationDetails\":" + one_line(details);
    }
    if (summary != nullptr) {
        text += ",\n\"invocations\":" + one_line(Record::array({invocation(*summary)}));
    }
    return m_out.write(text + '}');
}

Result<void> SarifReport::room_for_a_result()
{
    if (m_runs > 0 && m_results < m_options.results_per_run) {
        return {};
    }
    if (m_runs > 0) {
        if (Result<void> ended = end_run(nullptr); !ended) {
            return ended;
        }
    }
    return begin_run();
}

Result<void> SarifReport::write_result(const Record& result)
{
    return m_out.write((m_results++ > 0 ? ",\n" : "\n") + one_line(result));
}

Result<void> SarifReport::finding(const Finding& finding)
{
    if (Result<void> room = room_for_a_result(); !room) {
        return room;
    }
    return write_result(sarif_result(finding, index_of_rule(finding.rule), m_options));
}

Result<void> SarifReport::summary(const Summary& summary)
{
    if (m_runs == 0) {
        if (Result<void> begun = begin_run(); !begun) {
            return begun;
        }
    }
    if (m_options.suppressed) {
        for (const SuppressedFinding& finding : summary.suppressed_findings) {
            if (Result<void> room = room_for_a_result(); !room) {
                return room;
            }
            const std::string rule = rule_of_fingerprint(finding.fingerprint);
            if (Result<void> written = write_result(sarif_suppressed_result(finding, rule, index_of_rule(rule)));
                !written) {
                return written;
            }
        }
    }
    if (Result<void> ended = end_run(&summary); !ended) {
        return ended;
    }
    return m_out.write("\n]}\n");
}

}  // namespace r8scan::report
