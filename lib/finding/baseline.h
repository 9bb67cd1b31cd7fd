// Baselines: findings that are known already, so that only new ones are reported.
//
// Any earlier report will do: JSON, JSON Lines or SARIF of ours, which are compared by fingerprint, or the JSON report
// of gitleaks, which has none of ours and is compared by token and path, or by commit, path and line where the token in
// it is redacted. The user names the files, so they are trusted.
#pragma once

#include <r8scan/finding.h>
#include <r8scan/result.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace r8scan {

class Baseline {
public:
    /// What is known of a finding of ours.
    struct Known {
        std::string rule;
        std::string token_sha256;
        std::string redacted;
        std::string path;    // as in a report: UTF-8
        std::string origin;  // the file that it was read from; empty for what add() brought
    };

    /// Adds the findings of a report. `name` is how messages call it.
    Result<void> add_report(std::string_view text, const std::string& name);
    /// The same for a file, of at most 1 GiB. not_found where there is none.
    Result<void> add_file(const std::filesystem::path& file);

    /// Adds a finding; whether it was not known before.
    bool add(const Finding& finding);

    /// Leaves the findings of ours whose fingerprint is among those given; how many of ours went. None of gitleaks stays.
    std::size_t keep_only(const std::set<std::string, std::less<>>& fingerprints);

    /// Why the finding need not be reported; nothing where it is new.
    [[nodiscard]] std::optional<Suppression> match(const Finding& finding) const;

    /// A report that a later scan can be given as its baseline: JSON, one finding of ours a line, sorted, so that two
    /// versions of it compare well. Findings of gitleaks are not in it.
    [[nodiscard]] std::string to_json() const;

    [[nodiscard]] std::size_t size() const { return m_known.size() + m_places.size() + m_tokens.size(); }
    [[nodiscard]] std::size_t of_ours() const { return m_known.size(); }
    [[nodiscard]] bool knows(std::string_view fingerprint) const { return m_known.contains(fingerprint); }
    /// Findings of gitleaks, which to_json() leaves out.
    [[nodiscard]] std::size_t of_gitleaks() const { return m_places.size(); }

private:
    class Reader;
    std::map<std::string, Known, std::less<>> m_known;         // by fingerprint
    std::map<std::string, std::string, std::less<>> m_tokens;  // hash NUL path -> file
    std::map<std::string, std::string, std::less<>> m_places;  // commit NUL path NUL line -> file
};

}  // namespace r8scan
