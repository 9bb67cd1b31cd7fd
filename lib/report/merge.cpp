#include "report/merge.h"

#include "finding/suppressed_finding.h"
#include "report/read_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace r8scan::report {
namespace {

struct Parsed {
    std::vector<Finding> findings;
    std::optional<Summary> summary;
};

Result<void> take(const Record& record, Parsed& parsed)
{
    const auto type = record.is_object() ? record.find("type") : record.end();
    if (!record.is_object() || type == record.end()) {
        return Error(ErrorCode::damaged, "no record of r8scan");
    }
    if (*type == "finding") {
        Result<Finding> finding = finding_of_record(record);
        if (!finding) {
            return finding.error();
        }
        parsed.findings.push_back(std::move(*finding));
    } else if (*type == "summary") {
        Result<Summary> summary = summary_of_record(record);
        if (!summary) {
            return summary.error();
        }
        parsed.summary = std::move(*summary);
    }
    return {};
}

Result<Parsed> parse_lines(std::string_view text)
{
    Parsed parsed;
    for (std::size_t line = 1; !text.empty(); ++line) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view one = text.substr(0, end);
        if (one.find_first_not_of(" \t\r") != std::string_view::npos) {
            const Record record = Record::parse(one, nullptr, false);
            // A report that was cut short ends within a line.
            if (record.is_discarded() && end == text.size() && !parsed.findings.empty()) {
                break;
            }
            if (Result<void> taken =
                    record.is_discarded() ? Error(ErrorCode::damaged, "no JSON") : take(record, parsed);
                !taken) {
                return taken.error().within(fmt::format("line {}", line));
            }
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parsed;
}

Result<Parsed> parse_report(std::string_view text)
{
    const Record whole = Record::parse(text, nullptr, false);
    if (!whole.is_object() || !whole.contains("findings") || !whole["findings"].is_array()) {
        return parse_lines(text);
    }
    Parsed parsed;
    std::size_t number = 0;
    for (const Record& record : whole["findings"]) {
        ++number;
        if (Result<void> taken = take(record, parsed); !taken) {
            return taken.error().within(fmt::format("finding {}", number));
        }
    }
    if (whole.contains("summary")) {
        if (Result<void> taken = take(whole["summary"], parsed); !taken) {
            return taken.error().within("summary");
        }
    }
    return parsed;
}

void add_skips(std::vector<Skip>& all, const std::vector<Skip>& more)
{
    constexpr std::size_t most_examples = 10;
    for (const Skip& skip : more) {
        const auto known = std::find_if(all.begin(), all.end(), [&](const Skip& s) { return s.reason == skip.reason; });
        if (known == all.end()) {
            all.push_back(skip);
            continue;
        }
        known->count += skip.count;
        for (const std::string& example : skip.examples) {
            if (known->examples.size() < most_examples) {
                known->examples.push_back(example);
            }
        }
    }
}

void add_objects(ObjectCounts& all, const ObjectCounts& more)
{
    all.listed += more.listed;
    all.scanned += more.scanned;
    all.blobs += more.blobs;
    all.commits += more.commits;
    all.tags += more.tags;
    all.trees += more.trees;
    all.unknown += more.unknown;
    all.files += more.files;
    all.symlinks += more.symlinks;
    all.streams += more.streams;
}

std::string key_of(const Finding& finding)
{
    return fmt::format("{}\n{}\n{}\n{}\n{}\n{}:{}:{}", finding.fingerprint, finding.commit.value_or(""), finding.object,
                       finding.kind, finding.path.value_or(""), finding.position.line, finding.position.column,
                       finding.position.offset);
}

/// 3 beats 4 beats 1: what is not complete says so first.
int worse_exit(int a, int b)
{
    for (const int code : {130, 3, 4, 1}) {
        if (a == code || b == code) {
            return code;
        }
    }
    return 0;
}

}  // namespace

void Merge::add_finding(Finding finding)
{
    if (m_keys.insert(key_of(finding)).second) {
        m_findings.push_back(std::move(finding));
    }
}

/// Those that are listed count once; of the others only the number is known.
void Merge::add_suppressed(const Summary& summary)
{
    m_summary.suppressed += summary.suppressed - std::min<std::uint64_t>(summary.suppressed, summary.suppressed_findings.size());
    for (const SuppressedFinding& finding : summary.suppressed_findings) {
        if (m_suppressed_keys.insert(finding.fingerprint + '\n' + finding.place).second) {
            m_summary.suppressed_findings.push_back(finding);
            ++m_summary.suppressed;
        }
    }
}

void Merge::add_summary(const Summary& summary)
{
    if (!m_begun) {
        m_begun = true;
        m_summary = summary;
        m_summary.suppressed = 0;
        m_summary.suppressed_findings.clear();
        add_suppressed(summary);
        return;
    }
    m_summary.placeholders += summary.placeholders;
    add_suppressed(summary);
    m_summary.places_not_listed += summary.places_not_listed;
    add_objects(m_summary.objects, summary.objects);
    m_summary.bytes += summary.bytes;
    add_skips(m_summary.skipped, summary.skipped);
    add_skips(m_summary.unopened, summary.unopened);
    for (const std::string& note : summary.notes) {
        if (std::find(m_summary.notes.begin(), m_summary.notes.end(), note) == m_summary.notes.end()) {
            m_summary.notes.push_back(note);
        }
    }
    if (m_summary.connectivity != summary.connectivity) {
        m_summary.connectivity.clear();
    }
    if (m_summary.source != summary.source) {
        m_summary.source = ScanSource::repository;
    }
    if (m_summary.patterns != summary.patterns) {
        m_summary.patterns = "several";
    }
    if (m_summary.version != summary.version) {
        m_summary.version = version();
    }
    m_summary.complete = m_summary.complete && summary.complete;
    m_summary.interrupted = m_summary.interrupted || summary.interrupted;
    m_summary.exit_code = worse_exit(m_summary.exit_code, summary.exit_code);
    m_summary.elapsed_ms += summary.elapsed_ms;
}

Result<void> Merge::add(std::string_view text, const std::string& name)
{
    Result<Parsed> parsed = parse_report(text);
    if (!parsed) {
        return parsed.error().within(fmt::format("read \"{}\"", name));
    }
    if (parsed->findings.empty() && !parsed->summary) {
        return Error(ErrorCode::damaged,
                     fmt::format("read \"{}\": no report of r8scan: give one that -f jsonl or -f json "
                                 "wrote",
                                 name));
    }
    if (!parsed->summary) {
        parsed->summary.emplace();
        parsed->summary->skipped = {{"report without its end", 1, {name}, "make the report again"}};
        parsed->summary->complete = false;
        parsed->summary->exit_code = 3;
    }
    for (Finding& finding : parsed->findings) {
        add_finding(std::move(finding));
    }
    add_summary(*parsed->summary);
    return {};
}

void Merge::keep_only(Confidence at_least, bool placeholders)
{
    std::erase_if(m_findings, [&](const Finding& finding) {
        return finding.placeholder ? !placeholders : finding.confidence < at_least;
    });
}

void Merge::suppress(const Baseline& baseline)
{
    std::erase_if(m_findings, [&](const Finding& finding) {
        auto why = finding.placeholder ? std::nullopt : baseline.match(finding);
        if (!why) {
            return false;
        }
        m_summary.suppressed_findings.push_back(suppressed(finding, std::move(*why)));
        ++m_summary.suppressed;
        return true;
    });
}

Result<Summary> Merge::tell(Sink& sink, bool exit_zero)
{
    std::set<std::string_view> tokens;
    m_summary.findings = 0;
    for (const Finding& finding : m_findings) {
        if (!finding.placeholder) {
            ++m_summary.findings;
            tokens.insert(finding.token_sha256);
        }
        if (Result<void> told = sink.finding(finding); !told) {
            return told.error();
        }
    }
    m_summary.tokens = tokens.size();
    if (m_summary.exit_code == 1 && (exit_zero || m_summary.findings == 0)) {
        m_summary.exit_code = 0;
    }
    if (Result<void> told = sink.summary(m_summary); !told) {
        return told.error();
    }
    return m_summary;
}

}  // namespace r8scan::report
