// Rules compiled by Hyperscan: one database that tells whether an anchor is there, one that finds candidates.
//
// Anchors decide over most bytes of a repository, so their database holds nothing else. Candidates are looked for only
// in objects that hold an anchor. A rule without anchors is its own anchor where its width is bounded; where it is
// not, anchor_width() is empty and nothing may be skipped.
// A Matcher is read-only and may be used from any thread, each with a scratch of its own.
#pragma once

#include <r8scan/result.h>

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

struct FreeScratch {
    void operator()(hs_scratch* scratch) const;
};
using MatchScratch = std::unique_ptr<hs_scratch, FreeScratch>;

class Matcher {
public:
    /// The error names the rule, where it came from, and what Hyperscan says of it.
    static Result<Matcher> compile(std::vector<Rule> rules);

    [[nodiscard]] const std::vector<Rule>& rules() const { return m_rules; }
    [[nodiscard]] MatchScratch make_scratch() const;

    /// Bytes in the longest anchor; empty where a rule has none.
    [[nodiscard]] std::optional<std::size_t> anchor_width() const { return m_anchor_width; }
    /// The first rule without an anchor; empty where all have one.
    [[nodiscard]] const std::string& rule_without_anchor() const { return m_rule_without_anchor; }

    /// Whether any rule can match in content; true where a rule has no anchor.
    [[nodiscard]] bool has_anchor(Bytes content, hs_scratch* scratch) const;

    /// All matches of all rules, sorted by rule, begin and end. Clears out first.
    void find(Bytes content, hs_scratch* scratch, std::vector<Candidate>& out) const;

    /// Hex digest of what was compiled.
    [[nodiscard]] const std::string& digest() const { return m_digest; }

private:
    struct FreeDatabase {
        void operator()(hs_database* database) const;
    };
    using Database = std::unique_ptr<hs_database, FreeDatabase>;

    struct Expression {
        std::string text;
        std::uint32_t rule = 0;
        unsigned flags = 0;
    };
    Result<void> add_anchors(std::uint32_t rule, std::vector<Expression>& anchors);
    Result<Database> compile_all(const std::vector<Expression>& expressions) const;
    [[nodiscard]] Error rule_error(std::uint32_t rule, const std::string& what) const;

    std::vector<Rule> m_rules;
    std::vector<std::uint32_t> m_fixed_width;  // of each rule; 0 where matches vary
    Database m_anchors;                        // null where some rule has none
    Database m_candidates;
    std::optional<std::size_t> m_anchor_width = 0;
    std::string m_rule_without_anchor;
    std::string m_digest;
};

}  // namespace r8scan
