#include "report/record.h"

#include "finding/suppressed_finding.h"
#include "util/escape.h"

namespace r8scan::report {
namespace {

Record text(std::string_view raw)
{
    return utf8_or_hex(raw);
}

Record texts(const std::vector<std::string>& raw)
{
    Record list = Record::array();
    for (const std::string& item : raw) {
        list.push_back(text(item));
    }
    return list;
}

void add_if_known(Record& record, const char* name, const std::optional<std::string>& value)
{
    if (value) {
        record[name] = text(*value);
    }
}

Record skips(const std::vector<Skip>& list)
{
    Record out = Record::array();
    for (const Skip& skip : list) {
        Record entry;
        entry["reason"] = text(skip.reason);
        entry["count"] = skip.count;
        entry["examples"] = texts(skip.examples);
        if (!skip.way_out.empty()) {
            entry["way_out"] = text(skip.way_out);
        }
        out.push_back(std::move(entry));
    }
    return out;
}

void add_outcome(Record& record, const char* name, const std::optional<Outcome>& outcome)
{
    if (!outcome) {
        return;
    }
    Record fields;
    fields["status"] = text(outcome->status);
    fields["at"] = text(outcome->at);
    fields["message"] = text(outcome->message);
    record[name] = std::move(fields);
}

void add_history(Record& record, const Finding& finding)
{
    if (!finding.attributed) {
        return;
    }
    record["removed_in"] = finding.removed_in ? text(*finding.removed_in) : Record(nullptr);
    add_if_known(record, "removed_date", finding.removed_date);
    record["at_head"] = finding.at_head;
    record["reachable"] = finding.reachable;
    record["refs"] = finding.refs ? texts(*finding.refs) : Record::array();
}

/// What only some findings have; it stands behind the fields that all of them have.
void add_extras(Record& record, const Finding& finding)
{
    if (!finding.why.empty()) {
        record["why"] = text(finding.why);
    }
    record["occurrences"] = finding.occurrences;
    if (finding.outer_offset) {
        record["outer_offset"] = *finding.outer_offset;
    }
    if (!finding.removed_in_more.empty()) {
        record["removed_in_more"] = texts(finding.removed_in_more);
    }
    add_if_known(record, "head_path", finding.head_path);
    if (finding.head_line) {
        record["head_line"] = *finding.head_line;
    }
    add_if_known(record, "moved_to", finding.moved_to);
    add_if_known(record, "moved_from", finding.moved_from);
    if (finding.at_or_before) {
        record["introduced"] = "at_or_before";
    }
    if (finding.placeholder) {
        record["placeholder"] = true;
    }
}

}  // namespace

Record finding_record(const Finding& finding, bool show_secrets)
{
    Record record;
    record["type"] = "finding";
    record["rule"] = text(finding.rule);
    record["confidence"] = to_string(finding.confidence);
    record["redacted"] = text(finding.secret->redacted());
    record["token_sha256"] = text(finding.token_sha256);
    if (show_secrets) {
        record["secret"] = utf8_or_hex(finding.secret->reveal());
    }
    record["encoding"] = texts(finding.encoding);
    record["kind"] = text(finding.kind);
    add_if_known(record, "path", finding.path);
    record["line"] = finding.position.line;
    record["column"] = finding.position.column;
    record["end_line"] = finding.position.end_line;
    record["end_column"] = finding.position.end_column;
    record["offset"] = finding.position.offset;
    if (!finding.object.empty()) {
        record["object"] = text(finding.object);
    }
    add_if_known(record, "commit", finding.commit);
    add_if_known(record, "author", finding.author);
    add_if_known(record, "email", finding.email);
    add_if_known(record, "date", finding.date);
    add_if_known(record, "subject", finding.subject);
    add_history(record, finding);
    add_if_known(record, "link", finding.link);
    if (!finding.repository.empty()) {
        record["repository"] = text(finding.repository);
    }
    record["fingerprint"] = text(finding.fingerprint);
    add_outcome(record, "verification", finding.verification);
    add_outcome(record, "revocation", finding.revocation);
    add_extras(record, finding);
    return record;
}

namespace {

void add_suppression(Record& entry, const Suppression& why)
{
    entry["by"] = text(why.by);
    if (!why.origin.empty()) {
        entry["origin"] = text(why.origin);
    }
    if (!why.reason.empty()) {
        entry["reason"] = text(why.reason);
    }
}

/// Counted by what suppresses them, where that stands, and the reason given there.
Record suppressed_by(const std::vector<SuppressedFinding>& findings)
{
    Record list = Record::array();
    for (const auto& [why, count] : counted(findings)) {
        Record entry;
        add_suppression(entry, why);
        entry["count"] = count;
        list.push_back(std::move(entry));
    }
    return list;
}

/// Each of them, so that whoever reads the report again knows what still stands.
Record suppressed_findings(const std::vector<SuppressedFinding>& findings)
{
    Record list = Record::array();
    for (const SuppressedFinding& finding : findings) {
        Record entry;
        entry["fingerprint"] = text(finding.fingerprint);
        entry["redacted"] = text(finding.redacted);
        entry["place"] = text(finding.place);
        add_suppression(entry, finding.why);
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace

Record summary_record(const Summary& summary)
{
    Record by_type;
    by_type["blob"] = summary.objects.blobs;
    by_type["commit"] = summary.objects.commits;
    by_type["tag"] = summary.objects.tags;
    by_type["tree"] = summary.objects.trees;
    for (const auto& [name, count] : {std::pair("unknown", summary.objects.unknown),
                                      std::pair("file", summary.objects.files),
                                      std::pair("symlink", summary.objects.symlinks),
                                      std::pair("stream", summary.objects.streams)}) {
        if (count > 0) {
            by_type[name] = count;
        }
    }

    Record record;
    record["type"] = "summary";
    record["findings"] = summary.findings;
    record["tokens"] = summary.tokens;
    record["placeholders"] = summary.placeholders;
    record["suppressed"] = summary.suppressed;
    if (!summary.suppressed_findings.empty()) {
        record["suppressed_by"] = suppressed_by(summary.suppressed_findings);
        record["suppressed_findings"] = suppressed_findings(summary.suppressed_findings);
    }
    record["objects"]["listed"] = summary.objects.listed;
    record["objects"]["scanned"] = summary.objects.scanned;
    record["objects"]["by_type"] = std::move(by_type);
    record["bytes"] = summary.bytes;
    record["skipped"] = skips(summary.skipped);
    record["unopened"] = skips(summary.unopened);
    if (!summary.connectivity.empty()) {
        record["connectivity"] = text(summary.connectivity);
    }
    record["complete"] = summary.complete;
    record["exit_code"] = summary.exit_code;
    record["elapsed_ms"] = summary.elapsed_ms;
    record["version"] = text(summary.version);
    record["patterns"] = text(summary.patterns);
    if (summary.interrupted) {
        record["interrupted"] = true;
    }
    if (summary.places_not_listed > 0) {
        record["places_not_listed"] = summary.places_not_listed;
    }
    if (!summary.notes.empty()) {
        record["notes"] = texts(summary.notes);
    }
    return record;
}

std::string one_line(const Record& record)
{
    return escape_json_text(record.dump());
}

}  // namespace r8scan::report
