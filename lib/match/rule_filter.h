// What decides about a match beside its expression: entropy, allowlists, stopwords, paths and commits.
//
// The semantics are those of gitleaks: https://github.com/gitleaks/gitleaks#configuration
// Compiled once and then read-only; any thread, each with a MatchState of its own.
#pragma once

#include "match/exact_regex.h"
#include "match/rule.h"

#include <optional>
#include <vector>

namespace r8scan {

/// Shannon entropy in bits a byte.
[[nodiscard]] double entropy_of(std::string_view text);

class RuleFilter {
public:
    /// The error names the expression that is wrong.
    static Result<RuleFilter> compile(const Rule& rule);

    /// Whether nothing in the text itself speaks against the match. `line` is all of the lines that it touches.
    [[nodiscard]] bool keeps(std::string_view secret, std::string_view match, std::string_view line, MatchState& state) const;

    /// Whether a finding at this place counts. `commit` is a hex id; either may be empty where it is not known.
    [[nodiscard]] bool keeps_place(std::string_view path, std::string_view commit, std::string_view secret,
                                   MatchState& state) const;

private:
    struct List {
        Allowlist as_written;
        std::vector<ExactRegex> paths;
        std::vector<ExactRegex> regexes;
        [[nodiscard]] bool depends_on_place() const { return !as_written.paths.empty() || !as_written.commits.empty(); }
    };
    static bool allows(const List& list, std::optional<bool> by_path, std::optional<bool> by_commit,
                       std::optional<bool> by_regex, std::optional<bool> by_stopword);
    static bool holds_stopword(const List& list, std::string_view secret);
    static bool any_matches(const std::vector<ExactRegex>& regexes, std::string_view text, MatchState& state);

    double m_entropy = 0;
    std::optional<ExactRegex> m_path;
    std::vector<List> m_lists;
};

}  // namespace r8scan
