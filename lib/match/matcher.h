// Rules compiled by Hyperscan: one database that tells whether an anchor is there, one that finds candidates and leads.
//
// Anchors (plain ones, what betrays a token in other encodings, and the magics of containers) decide over most bytes of
// a repository, so their database stops at the first. Candidates and leads are looked for only in objects that hold an
// anchor. A rule without anchors is its own anchor where its width is bounded; where it is not, anchor_width() is
// empty and nothing may be skipped.
// A Matcher is read-only and may be used from any thread, each with a scratch of its own.
#pragma once

#include <r8scan/result.h>

#include "match/lead.h"
#include "match/rule.h"
#include "util/bytes.h"

#include <memory>
#include <optional>

struct hs_database;
struct hs_scratch;

namespace r8scan {

struct Candidate {
    std::uint32_t rule = 0;  // into Matcher::rules()
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    friend auto operator<=>(const Candidate&, const Candidate&) = default;
};

/// What find() saw in a stream.
struct Matches {
    std::vector<Candidate> candidates;  // sorted by rule, begin and end
    std::vector<Lead> leads;            // sorted by kind, detail and end
};

/// A compiled database as bytes; `key` says of which expressions, flags and Hyperscan version.
struct SerialisedDatabase {
    std::string key;
    std::string bytes;
};

struct FreeScratch {
    void operator()(hs_scratch* scratch) const;
};
using MatchScratch = std::unique_ptr<hs_scratch, FreeScratch>;

class Matcher {
public:
    /// Compiles the rules, the leads to their encodings, and further leads that belong to no rule. The error names the
    /// rule, where it came from, and what Hyperscan says of it.
    static Result<Matcher> compile(std::vector<Rule> rules, const std::vector<LeadExpression>& more_leads = {});

    [[nodiscard]] const std::vector<Rule>& rules() const { return m_rules; }
    [[nodiscard]] MatchScratch make_scratch() const;

    /// Bytes in the longest anchor; empty where a rule has none.
    [[nodiscard]] std::optional<std::size_t> anchor_width() const { return m_anchor_width; }
    /// The first rule without an anchor; empty where all have one.
    [[nodiscard]] const std::string& rule_without_anchor() const { return m_rule_without_anchor; }

    /// Whether any rule can match in content; true where a rule has no anchor.
    [[nodiscard]] bool has_anchor(Bytes content, hs_scratch* scratch) const;

    /// All plain matches of all rules, and all leads. Clears out first.
    void find(Bytes content, hs_scratch* scratch, Matches& out) const;

    /// Both databases, to be carried inside a program (see match/built_databases.h).
    [[nodiscard]] std::vector<SerialisedDatabase> serialised() const;

    /// Hex digest of what was compiled.
    [[nodiscard]] const std::string& digest() const { return m_digest; }

private:
    struct FreeDatabase {
        void operator()(hs_database* database) const;
    };
    using Database = std::unique_ptr<hs_database, FreeDatabase>;

    // What an expression of the second database stands for.
    struct Meaning {
        std::optional<std::uint32_t> rule;  // of a candidate; empty for a lead
        std::uint32_t width = 0;            // of a match; 0 where Hyperscan says where it begins
        LeadKind kind = LeadKind::base64;   // of a lead
        std::uint8_t detail = 0;
    };
    struct Expression {
        std::string text;
        unsigned flags = 0;
        std::string origin;  // for messages: file and rule
    };
    Result<void> add_rule(std::uint32_t number);
    Result<void> add_anchors(std::uint32_t number);
    Result<void> add_lead(const LeadExpression& lead, const std::string& origin);
    void add_anchor(std::string text, unsigned flags, std::size_t width, std::string origin);
    void add_finder(std::string text, unsigned flags, const Meaning& meaning, std::string origin);
    static std::string key_of(const std::vector<Expression>& expressions);
    static Result<Database> compile_all(const std::vector<Expression>& expressions);
    [[nodiscard]] Error rule_error(std::uint32_t rule, const std::string& what) const;

    std::vector<Rule> m_rules;
    std::vector<Expression> m_anchor_expressions;
    std::vector<Expression> m_finder_expressions;
    std::vector<Meaning> m_meanings;  // of the finder expressions, by their id
    Database m_anchors;               // null where some rule has none
    Database m_finder;
    std::optional<std::size_t> m_anchor_width = 0;
    std::string m_rule_without_anchor;
    std::string m_digest;
};

}  // namespace r8scan
