#include "finding/baseline.h"

#include "finding/fingerprint.h"
#include "util/escape.h"
#include "util/file.h"
#include "util/hash.h"

#include <nlohmann/json.hpp>

namespace r8scan {

using nlohmann::json;

namespace {

constexpr std::size_t largest_file = 1U << 30U;

std::string joined(std::initializer_list<std::string_view> parts)
{
    std::string key;
    for (const auto part : parts) {
        key += part;
        key += '\0';
    }
    return key;
}

std::string text_at(const json& object, const char* key)
{
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::uint64_t number_at(const json& object, const char* key)
{
    const auto at = object.find(key);
    return at != object.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
}

}  // namespace

class Baseline::Reader {
public:
    Reader(Baseline& baseline, const std::string& name) : m_baseline(baseline), m_name(name) {}

    Result<void> read(std::string_view text)
    {
        const auto document = json::parse(text, nullptr, false);
        if (document.is_array()) {
            return read_gitleaks(document);
        }
        if (document.is_object() && document.contains("runs")) {
            return read_sarif(document.at("runs"));
        }
        if (document.is_object() && document.contains("findings") && !document.contains("type")) {
            return read_list(document.at("findings"));
        }
        return read_lines(text);
    }

private:
    [[nodiscard]] Error wrong(const std::string& what) const
    {
        return {ErrorCode::usage, "baseline " + r8scan::quoted(m_name) + ": " + what};
    }

    Result<void> read_list(const json& list)
    {
        if (!list.is_array()) {
            return wrong("its \"findings\" are no list");
        }
        for (const auto& record : list) {
            if (!take(record)) {
                return wrong("a finding in it has no fingerprint");
            }
        }
        return {};
    }

    // A summary alone is a report without findings.
    Result<void> read_lines(std::string_view text)
    {
        std::size_t number = 0;
        bool any = false;
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            const auto line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            ++number;
            if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
                continue;
            }
            const auto record = json::parse(line, nullptr, false);
            const auto type = record.is_object() ? text_at(record, "type") : "";
            if ((type != "finding" && type != "summary") || (type == "finding" && !take(record))) {
                return wrong(
                    "line " + std::to_string(number) +
                    " is no finding: a baseline is an earlier report in json, jsonl or sarif, or gitleaks' json");
            }
            any = true;
        }
        return any ? Result<void>() : wrong("is empty");
    }

    bool take(const json& record)
    {
        if (!record.is_object()) {
            return false;
        }
        auto fingerprint = text_at(record, "fingerprint");
        if (!is_fingerprint(fingerprint)) {
            return false;
        }
        m_baseline.m_known.try_emplace(std::move(fingerprint),
                                       Known{text_at(record, "rule"), text_at(record, "token_sha256"),
                                             text_at(record, "redacted"), text_at(record, "path"), m_name});
        return true;
    }

    Result<void> read_sarif(const json& runs)
    {
        if (!runs.is_array()) {
            return wrong("its \"runs\" are no list");
        }
        for (const auto& run : runs) {
            if (!run.is_object() || !run.contains("results")) {
                continue;
            }
            for (const auto& result : run.at("results")) {
                if (!result.is_object() || !take_result(result)) {
                    return wrong("a result in it has no fingerprint of r8scan");
                }
            }
        }
        return {};
    }

    bool take_result(const json& result)
    {
        for (const char* const list : {"partialFingerprints", "fingerprints"}) {
            const auto prints = result.find(list);
            if (prints == result.end() || !prints->is_object()) {
                continue;
            }
            for (const auto& [key, value] : prints->items()) {
                if (value.is_string() && is_fingerprint(value.get<std::string>())) {
                    m_baseline.m_known.try_emplace(value.get<std::string>(),
                                                   Known{text_at(result, "ruleId"), "", "", path_of(result), m_name});
                    return true;
                }
            }
        }
        return false;
    }

    static std::string path_of(const json& result)
    {
        const auto uri = json::json_pointer("/locations/0/physicalLocation/artifactLocation/uri");
        return result.contains(uri) && result.at(uri).is_string() ? result.at(uri).get<std::string>() : std::string();
    }

    Result<void> read_gitleaks(const json& list)
    {
        for (const auto& record : list) {
            if (!record.is_object() || !record.contains("File") || !record.contains("StartLine")) {
                return wrong("a list that is no report of gitleaks");
            }
            const auto path = text_at(record, "File");
            const auto token = text_at(record, "Secret");
            const auto commit = text_at(record, "Commit");
            const auto line = std::to_string(number_at(record, "StartLine"));
            m_baseline.m_places.try_emplace(joined({commit, path, line}), m_name);
            // Redacted it is "REDACTED" or holds dots or stars.
            if (!token.empty() && token != "REDACTED" && token.find_first_of(".*") == std::string::npos) {
                m_baseline.m_tokens.try_emplace(joined({sha256_hex(as_bytes(token)), path}), m_name);
            }
        }
        return {};
    }

    Baseline& m_baseline;
    const std::string& m_name;
};

Result<void> Baseline::add_report(std::string_view text, const std::string& name)
{
    return Reader(*this, name).read(text);
}

Result<void> Baseline::add_file(const std::filesystem::path& file)
{
    const auto text = read_small_file(file, largest_file);
    if (!text) {
        return text.error().within("baseline");
    }
    return add_report(*text, file.string());
}

bool Baseline::add(const Finding& finding)
{
    return m_known
        .try_emplace(finding.fingerprint, Known{finding.rule, finding.token_sha256, finding.secret->redacted(),
                                                utf8_or_hex(finding.path.value_or("")), ""})
        .second;
}

std::size_t Baseline::keep_only(const std::set<std::string, std::less<>>& fingerprints)
{
    m_places.clear();
    m_tokens.clear();
    return std::erase_if(m_known, [&](const auto& entry) { return !fingerprints.contains(entry.first); });
}

std::optional<Suppression> Baseline::match(const Finding& finding) const
{
    if (const auto at = m_known.find(finding.fingerprint); at != m_known.end()) {
        return Suppression{"baseline", at->second.origin, ""};
    }
    const auto path = finding.path.value_or("");
    if (const auto at = m_tokens.find(joined({finding.token_sha256, path})); at != m_tokens.end()) {
        return Suppression{"baseline", at->second, ""};
    }
    const auto place = joined({finding.commit.value_or(""), path, std::to_string(finding.position.line)});
    if (const auto at = m_places.find(place); at != m_places.end()) {
        return Suppression{"baseline", at->second, ""};
    }
    return std::nullopt;
}

std::string Baseline::to_json() const
{
    std::string text = "{\"findings\":[";
    const char* separator = "\n";
    for (const auto& [fingerprint, known] : m_known) {
        nlohmann::ordered_json record;
        record["type"] = "finding";
        record["fingerprint"] = fingerprint;
        for (const auto& [key, value] :
             {std::pair("rule", &known.rule), std::pair("redacted", &known.redacted),
              std::pair("token_sha256", &known.token_sha256), std::pair("path", &known.path)}) {
            if (!value->empty()) {
                record[key] = *value;
            }
        }
        text += separator + escape_json_text(record.dump(-1, ' ', false, json::error_handler_t::replace));
        separator = ",\n";
    }
    return text + "\n]}\n";
}

}  // namespace r8scan
