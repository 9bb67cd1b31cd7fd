// Rules compiled: one Hyperscan database that tells whether an anchor is there, one that finds candidates and leads, and
// the rules that need more (match/general_rules.h).
//
// Anchors (plain ones, what betrays a token in other encodings, and the magics of containers) decide over most bytes of
// a repository, so their database stops at the first. Candidates and leads are looked for only in objects that hold an
// anchor. A rule without anchors is its own anchor where its width is bounded; where it is not, anchor_width() is
// empty and nothing may be skipped.
// A Matcher is read-only and may be used from any thread, each with a scratch of its own.
#pragma once

#include <r8scan/result.h>

#include "match/database.h"
#include "match/general_rules.h"
#include "match/matches.h"
#include "match/rule.h"
#include "util/bytes.h"

#include <optional>

namespace r8scan {

class Matcher {
public:
    class Scratch {
    private:
        friend class Matcher;
        MatchScratch m_hyperscan;
        std::vector<std::size_t> m_kept;  // matches of each rule
        GeneralRules::Scratch m_general;
    };

    /// Compiles the rules, the leads to their encodings, and further leads that belong to no rule. Hundreds of rules
    /// take seconds: cache_dir keeps the result (empty: nowhere). The error names the rule, where it came from, and what
    /// is wrong with it; rules of the general kind that cannot be matched are refused in notes() instead.
    static Result<Matcher> compile(std::vector<Rule> rules, const std::vector<LeadExpression>& more_leads = {},
                                   const std::filesystem::path& cache_dir = {});

    [[nodiscard]] const std::vector<Rule>& rules() const { return m_rules; }
    /// How each rule is matched, in their order.
    [[nodiscard]] const std::vector<RuleNote>& notes() const { return m_notes; }
    [[nodiscard]] Scratch make_scratch() const;

    /// Bytes in the longest anchor; empty where a rule has none.
    [[nodiscard]] std::optional<std::size_t> anchor_width() const { return m_anchor_width; }
    /// The first rule without an anchor; empty where all have one.
    [[nodiscard]] const std::string& rule_without_anchor() const { return m_rule_without_anchor; }

    /// Whether any rule can match in content; true where a rule has no anchor.
    [[nodiscard]] bool has_anchor(Bytes content, Scratch& scratch) const;

    /// All plain matches of all rules, and all leads, as far as they are not too many. Clears out first.
    void find(Bytes content, Scratch& scratch, Matches& out) const;

    /// Whether a finding at this place counts, by what rules and allowlists say of paths and commits.
    [[nodiscard]] bool keeps_place(std::uint32_t rule, std::string_view path, std::string_view commit,
                                   std::string_view secret, Scratch& scratch) const
    {
        return m_general.keeps_place(rule, path, commit, secret, scratch.m_general);
    }

    /// All databases, to be carried inside a program (see match/built_databases.h).
    [[nodiscard]] std::vector<SerialisedDatabase> serialised() const;

    /// Hex digest of what was compiled.
    [[nodiscard]] const std::string& digest() const { return m_digest; }

private:
    // What an expression of the second database stands for.
    struct Meaning {
        std::optional<std::uint32_t> rule;  // of a candidate; empty for a lead
        std::uint32_t width = 0;            // of a match; 0 where Hyperscan says where it begins
        LeadKind kind = LeadKind::base64;   // of a lead
        std::uint8_t detail = 0;
    };
    Result<void> add_rule(std::uint32_t number);
    Result<void> add_anchors(std::uint32_t number);
    Result<void> add_lead(const LeadExpression& lead, const std::string& origin);
    void add_general();
    void add_anchor(std::string text, unsigned flags, std::size_t width, std::string origin);
    void add_finder(std::string text, unsigned flags, const Meaning& meaning, std::string origin);
    void note_no_anchor(const Rule& rule);
    [[nodiscard]] std::string identity() const;
    [[nodiscard]] Error rule_error(std::uint32_t rule, const std::string& what) const;

    std::vector<Rule> m_rules;
    std::vector<RuleNote> m_notes;
    std::vector<DatabaseExpression> m_anchor_expressions;
    std::vector<DatabaseExpression> m_finder_expressions;
    std::vector<Meaning> m_meanings;  // of the finder expressions, by their id
    Database m_anchors;               // null where some rule has none
    Database m_finder;
    GeneralRules m_general;
    std::optional<std::size_t> m_anchor_width = 0;
    std::string m_rule_without_anchor;
    std::string m_digest;
};

}  // namespace r8scan
