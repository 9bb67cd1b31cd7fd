#include "engine/suppress.h"

#include "finding/inline_mark.h"
#include "finding/suppressed_finding.h"

#include <algorithm>
#include <ctime>

namespace r8scan {

namespace {

std::string clock_date()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    char text[16];
    if (::gmtime_r(&now, &parts) == nullptr) {
        return "9999-12-31";  // what may have expired has
    }
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &parts)};
}

}  // namespace

Result<Suppressor> Suppressor::make(const SuppressionOptions& options)
{
    Suppressor suppressor;
    suppressor.m_by_repository = options.by_repository;
    suppressor.m_today = options.today.empty() ? clock_date() : options.today;
    for (const auto& file : options.baselines) {
        if (const auto added = suppressor.m_baseline.add_file(file); !added) {
            return Error(ErrorCode::usage, added.error().message());
        }
    }
    return suppressor;
}

IgnoreList& Suppressor::list_of(const std::string& prefix)
{
    const auto at = std::find_if(m_folders.begin(), m_folders.end(),
                                 [&](const FilesOfFolder& folder) { return folder.prefix == prefix; });
    return at != m_folders.end() ? at->list : m_folders.emplace_back(FilesOfFolder{prefix, IgnoreList(m_today)}).list;
}

void Suppressor::add_file(std::string_view name, std::string_view text, const std::string& prefix)
{
    if (text.find('\0') != std::string_view::npos) {
        return add_unread(name, "is no text", prefix);
    }
    auto& list = list_of(prefix);
    const auto full_name = prefix + std::string(name);
    if (name == ".r8scan.toml") {
        list.add_toml(text, full_name);
    } else if (name == ".gitleaksignore") {
        list.add_gitleaks_file(text, full_name);
    } else {
        list.add_ignore_file(text, full_name);
    }
}

void Suppressor::add_foreign_rules(const std::string& prefix)
{
    const auto name = prefix + std::string(foreign_rules);
    m_notes.push_back(name + ": what is scanned sets no rules: those of this file count where you give it, as in --patterns " +
                      name);
}

void Suppressor::add_unread(std::string_view name, const std::string& why, const std::string& prefix)
{
    m_notes.push_back(prefix + std::string(name) + ": not read: " + why);
}

std::optional<Suppression> Suppressor::why(const Finding& finding)
{
    // The lists are asked first, so that a line which matches is not taken for stale where a mark would have done.
    std::optional<Suppression> by_list;
    const auto path = finding.path ? std::string_view(*finding.path) : std::string_view();
    for (auto& folder : m_folders) {
        if (!path.starts_with(folder.prefix)) {
            continue;
        }
        auto found = folder.list.match(finding, path.substr(folder.prefix.size()));
        by_list = by_list ? by_list : std::move(found);
    }
    if (m_by_repository && finding.mark) {
        return Suppression{"inline mark", "", reason_of_mark(*finding.mark)};
    }
    return by_list ? by_list : m_baseline.match(finding);
}

void Suppressor::apply(std::vector<Finding>& findings, bool everything, Redactor& redactor, Summary& summary)
{
    std::erase_if(findings, [&](const Finding& finding) {
        auto reason = finding.placeholder ? std::nullopt : why(finding);
        if (!reason) {
            return false;
        }
        reason->reason = redactor.redact(reason->reason);
        summary.suppressed_findings.push_back(suppressed(finding, std::move(*reason)));
        return true;
    });
    summary.suppressed = summary.suppressed_findings.size();
    for (const auto& folder : m_folders) {
        const auto notes = folder.list.notes(everything);
        m_notes.insert(m_notes.end(), notes.begin(), notes.end());
    }
    for (const auto& note : m_notes) {
        summary.notes.push_back(redactor.redact(note));
    }
}

}  // namespace r8scan
