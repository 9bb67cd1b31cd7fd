// What a repository's own files say may stay: .r8scanignore, .r8scan.toml and .gitleaksignore.
//
// A stranger may have written them, so they are read with caps: a mistake is a note and its line says nothing, and the
// work that path globs may cause is bounded. They can only ever take a finding out of the report, and whoever asks
// counts and names it. Formats: README.md, "Suppressing a finding".
#pragma once

#include <r8scan/finding.h>

#include "util/ignore_pattern.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace r8scan {

class IgnoreList {
public:
    /// `today` as YYYY-MM-DD: a line holds through the day that its `until` names.
    explicit IgnoreList(std::string today) : m_today(std::move(today)) {}

    /// One thing a line: a fingerprint, a token_sha256 or a glob, `until=…` and `reason="…"` behind it. `name` is how
    /// messages call the file.
    void add_ignore_file(std::string_view text, const std::string& name);
    /// [[ignore]] tables; every other key is named and says nothing.
    void add_toml(std::string_view text, const std::string& name);
    /// Fingerprints of gitleaks: commit:path:rule:line, path:rule:line.
    void add_gitleaks_file(std::string_view text, const std::string& name);

    /// Why the finding may stay; nothing where no line says so. `path` is what globs and gitleaks' lines are held
    /// against: the finding's own where the files speak of the whole scan.
    [[nodiscard]] std::optional<Suppression> match(const Finding& finding, std::string_view path);

    /// Mistakes, expired lines, and, where `everything_was_scanned`, lines that match nothing. In the order of the
    /// files.
    [[nodiscard]] std::vector<std::string> notes(bool everything_was_scanned) const;

    [[nodiscard]] bool empty() const { return m_entries.empty(); }

private:
    enum class Kind : std::uint8_t { fingerprint, token, glob, gitleaks };
    struct Entry {
        Kind kind = Kind::glob;
        std::string text;
        std::string rule;    // of gitleaks'
        std::string by;      // Suppression::by
        std::string origin;  // "file:line"
        std::string reason;
        std::string until;  // empty: for ever
        std::optional<IgnorePattern> pattern;
        std::uint64_t uses = 0;
    };
    using Numbers = std::vector<std::uint32_t>;

    void add(Entry entry);
    void add_glob(Entry entry);
    void add_line(std::string_view line, const std::string& origin);
    void add_gitleaks_line(std::string_view line, const std::string& origin);
    void mistake(const std::string& origin, const std::string& what);
    [[nodiscard]] bool is_expired(const Entry& entry) const { return !entry.until.empty() && entry.until < m_today; }
    Entry* find_in(const std::unordered_map<std::string, Numbers>& index, const std::string& key,
                   std::string_view rule);
    Entry* find_glob(std::string_view path);

    std::string m_today;
    std::vector<Entry> m_entries;
    std::unordered_map<std::string, Numbers> m_fingerprints;
    std::unordered_map<std::string, Numbers> m_tokens;
    std::unordered_map<std::string, Numbers> m_gitleaks;  // by commit NUL path NUL line
    Numbers m_globs;
    std::unordered_map<std::string, std::uint32_t>
        m_globs_of_paths;  // what find_glob() found; the count of entries: nothing
    std::vector<std::string> m_mistakes;
    std::uint64_t m_more_mistakes = 0;
    std::uint64_t m_steps = 0;
    bool m_gave_up = false;
};

/// Whether it is a date of the form YYYY-MM-DD that the calendar has.
[[nodiscard]] bool is_date(std::string_view text);

}  // namespace r8scan
