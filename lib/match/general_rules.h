// Rules that need more than one plain Hyperscan match: groups, keywords, entropy, allowlists, or expressions that
// Hyperscan does not take.
//
// Three sieves, each finer and dearer than the one before: keywords tell which rules are live in a stream (a rule without
// keywords always is); a Hyperscan database tells which of them can match at all; PCRE2 finds the exact matches of
// those, and the rule's filter has the last word. Read-only after compile(); any thread, each with its own Scratch.
#pragma once

#include "match/database.h"
#include "match/exact_regex.h"
#include "match/matches.h"
#include "match/rule.h"
#include "match/rule_filter.h"

#include <optional>

namespace r8scan {

/// How a rule is matched, or why it is not.
struct RuleNote {
    enum class How : std::uint8_t {
        hyperscan,      // plainly, by Hyperscan alone
        prefiltered,    // by PCRE2, where Hyperscan sees that it may match
        keywords_only,  // by PCRE2, wherever one of its keywords stands
        refused,        // not at all
    };
    std::uint32_t rule = 0;
    How how = How::hyperscan;
    std::string reason;  // why not the way above
};

[[nodiscard]] const char* to_string(RuleNote::How how);

/// An expression of bounded width that stands in every stream in which a rule matches.
struct RuleAnchor {
    std::uint32_t rule = 0;
    std::string expression;
    unsigned flags = 0;  // of Hyperscan
};

class GeneralRules {
public:
    class Scratch {
    private:
        friend class GeneralRules;
        MatchScratch m_hyperscan;
        MatchState m_state;
        std::vector<bool> m_live;     // by keywords; of m_rules
        std::vector<bool> m_possible; // by Hyperscan
    };

    /// Whether the rule belongs here.
    [[nodiscard]] static bool takes(const Rule& rule);

    /// Compiles those of the rules that belong here, and says of each how. Those that could only be tried everywhere, at
    /// too high a price, are refused by name. The error is for an expression that is none, with file, line and rule.
    static Result<GeneralRules> compile(const std::vector<Rule>& rules, const std::filesystem::path& cache_dir);

    [[nodiscard]] bool empty() const { return m_rules.empty(); }
    [[nodiscard]] const std::vector<RuleNote>& notes() const { return m_notes; }
    [[nodiscard]] const std::vector<RuleAnchor>& anchors() const { return m_anchors; }
    /// The first rule that may match without any anchor.
    [[nodiscard]] std::optional<std::uint32_t> rule_without_anchor() const { return m_rule_without_anchor; }
    [[nodiscard]] Scratch make_scratch() const;

    /// Its databases, to be carried inside a program.
    [[nodiscard]] std::vector<SerialisedDatabase> serialised() const;

    /// Adds the secrets of all matches, and says of which rules these are not all.
    void find(Bytes content, Scratch& scratch, Matches& out) const;

    /// Whether a finding of the rule at this place counts, by the paths and commits that rule and allowlists name. True
    /// for rules that do not belong here.
    [[nodiscard]] bool keeps_place(std::uint32_t rule, std::string_view path, std::string_view commit,
                                   std::string_view secret, Scratch& scratch) const;

private:
    struct CompiledRule {
        std::uint32_t number = 0;  // among all rules
        unsigned group = 0;
        bool has_keywords = false;
        bool in_hyperscan = false;
        ExactRegex regex;
        RuleFilter filter;
    };
    Result<void> add(const Rule& rule, std::uint32_t number);
    Result<void> compile_prefilter(const std::vector<Rule>& rules, const std::filesystem::path& cache_dir);
    Result<void> compile_keywords(const std::vector<Rule>& rules, const std::filesystem::path& cache_dir);
    void collect_anchors(const std::vector<Rule>& rules);
    void match(const CompiledRule& rule, std::string_view text, Scratch& scratch, Matches& out) const;

    std::vector<CompiledRule> m_rules;
    std::vector<std::vector<std::uint32_t>> m_rules_of_keyword;  // into m_rules; by the keyword's id
    std::vector<std::uint32_t> m_rule_of_expression;             // into m_rules; by the prefilter's id
    Database m_keywords;                                         // null where no rule has any
    Database m_prefilter;                                        // null where no rule is in it
    std::string m_keywords_key;
    std::string m_prefilter_key;
    std::vector<RuleNote> m_notes;
    std::vector<RuleAnchor> m_anchors;
    std::optional<std::uint32_t> m_rule_without_anchor;
};

}  // namespace r8scan
