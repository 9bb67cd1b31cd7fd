#include "report/sarif_result.h"

#include "finding/suppressed_finding.h"
#include "report/place.h"
#include "report/rule_text.h"
#include "report/uri.h"
#include "util/escape.h"

#include <fmt/format.h>

namespace r8scan::report {
namespace {

/// Adds a text that is not empty: SARIF's readers refuse empty ones.
void add_text(Record& record, const char* name, const std::string& raw)
{
    if (!raw.empty()) {
        record[name] = utf8_or_hex(raw);
    }
}

void add_text(Record& record, const char* name, const std::optional<std::string>& raw)
{
    add_text(record, name, raw.value_or(""));
}

const char* level_of(const Finding& finding)
{
    if (finding.placeholder || finding.confidence == Confidence::low ||
        (finding.verification && finding.verification->status == "inactive")) {
        return "note";
    }
    return finding.confidence == Confidence::high ? "error" : "warning";
}

/// Names of authors and files stay out of it, since they are full of brackets: they have fields of their own.
std::string message_of(const Finding& finding)
{
    std::string text = fmt::format("{} {}", title_of_rule(finding.rule), finding.secret->redacted());
    if (finding.commit) {
        text += fmt::format(", introduced {}{}", finding.at_or_before ? "at or before " : "in ",
                            finding.commit->substr(0, 10));
        if (finding.date) {
            text += " on " + finding.date->substr(0, 10);
        }
    }
    if (finding.removed_in) {
        text += ", removed in " + finding.removed_in->substr(0, 10);
    }
    if (finding.at_head) {
        text += ", still at HEAD";
    }
    if (finding.verification) {
        text += ", verified: " + finding.verification->status;
    }
    if (finding.revocation) {
        text += ", revocation: " + finding.revocation->status;
    }
    return sarif_message(text);
}

/// Code scanning wants a file for each result. What stands in none is named by where git keeps its object.
std::string uri_of(const Finding& finding, const std::string& path)
{
    if (!path.empty()) {
        return uri_of_path(path);
    }
    if (finding.object.size() > 2) {
        return uri_of_path(".git/objects/" + finding.object.substr(0, 2) + '/' + finding.object.substr(2));
    }
    return uri_of_path(name_of_place(finding));
}

Record location_of(const Finding& finding, const Place& place, const SarifOptions& options)
{
    Record location;
    Record& physical = location["physicalLocation"];
    physical["artifactLocation"]["uri"] = uri_of(finding, place.path);
    Record& region = physical["region"];
    region["startLine"] = place.line;
    if (place.column > 0) {
        region["startColumn"] = place.column;
        region["endLine"] = place.end_line;
        region["endColumn"] = place.end_column;
    }
    const std::string snippet =
        options.show_secrets ? std::string(finding.secret->reveal()) : finding.secret->redacted();
    add_text(region["snippet"], "text", snippet);
    if (place.path.empty()) {
        Record logical;
        logical["fullyQualifiedName"] = utf8_or_hex(name_of_place(finding));
        location["logicalLocations"].push_back(std::move(logical));
    }
    return location;
}

Record properties_of(const Finding& finding)
{
    Record bag;
    bag["confidence"] = to_string(finding.confidence);
    add_text(bag, "why", finding.why);
    add_text(bag, "tokenSha256", finding.token_sha256);
    add_text(bag, "kind", finding.kind);
    if (!finding.encoding.empty()) {
        Record& layers = bag["encoding"] = Record::array();
        for (const std::string& layer : finding.encoding) {
            layers.push_back(utf8_or_hex(layer));
        }
    }
    add_text(bag, "object", finding.object);
    add_text(bag, "commit", finding.commit);
    add_text(bag, "author", finding.author);
    add_text(bag, "email", finding.email);
    add_text(bag, "date", finding.date);
    if (finding.attributed) {
        add_text(bag, "removedIn", finding.removed_in);
        bag["atHead"] = finding.at_head;
        bag["reachable"] = finding.reachable;
    }
    if (finding.verification) {
        add_text(bag, "verification", finding.verification->status);
    }
    if (finding.revocation) {
        add_text(bag, "revocation", finding.revocation->status);
    }
    return bag;
}

}  // namespace

std::string sarif_message(std::string_view text)
{
    std::string out;
    for (const char c : escape_for_terminal(text)) {
        if (c == '[' || c == ']' || c == '\\') {
            out += '\\';
        } else if (c == '{' || c == '}') {
            out += c;
        }
        out += c;
    }
    return out;
}

Record sarif_result(const Finding& finding, std::size_t rule_index, const SarifOptions& options)
{
    const Place place = place_of(finding);
    Record result;
    result["ruleId"] = utf8_or_hex(finding.rule);
    result["ruleIndex"] = rule_index;
    result["level"] = level_of(finding);
    result["message"]["text"] = message_of(finding);
    result["locations"].push_back(location_of(finding, place, options));
    if (place.moved) {
        const Place origin{finding.path.value_or(""), finding.position.line,       finding.position.column,
                           finding.position.end_line, finding.position.end_column, false};
        Record location = location_of(finding, origin, options);
        location["id"] = 1;
        location["message"]["text"] = "where it was introduced";
        result["relatedLocations"].push_back(std::move(location));
    }
    add_text(result["partialFingerprints"], "r8scanFingerprint/v1", finding.fingerprint);
    if (options.line_hashes != nullptr && !place.path.empty()) {
        if (const auto hash = options.line_hashes->of(place.path, place.line)) {
            result["partialFingerprints"]["primaryLocationLineHash"] = *hash;
        }
    }
    if (finding.link && is_web_address(*finding.link)) {
        result["hostedViewerUri"] = *finding.link;
    }
    result["properties"] = properties_of(finding);
    return result;
}

Record sarif_suppressed_result(const SuppressedFinding& finding, const std::string& rule, std::size_t rule_index)
{
    Record result;
    result["ruleId"] = utf8_or_hex(rule);
    result["ruleIndex"] = rule_index;
    result["level"] = "note";
    result["message"]["text"] =
        sarif_message(fmt::format("{} {} at {}", title_of_rule(rule), finding.redacted, finding.place));
    const SuppressedPlace place = parts_of_place(finding.place);
    Record location;
    if (place.path.empty()) {
        Record logical;
        logical["fullyQualifiedName"] = utf8_or_hex(finding.place);
        location["logicalLocations"].push_back(std::move(logical));
    } else {
        location["physicalLocation"]["artifactLocation"]["uri"] = uri_of_path(place.path);
        location["physicalLocation"]["region"]["startLine"] = place.line;
    }
    result["locations"].push_back(std::move(location));
    add_text(result["partialFingerprints"], "r8scanFingerprint/v1", finding.fingerprint);
    Record suppression;
    suppression["kind"] = finding.why.by == "inline mark" ? "inSource" : "external";
    suppression["justification"] = escape_for_terminal(in_words(finding.why));
    result["suppressions"].push_back(std::move(suppression));
    return result;
}

}  // namespace r8scan::report
