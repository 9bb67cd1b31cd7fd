#include "match/general_rules.h"

#include <hs.h>

#include <algorithm>
#include <map>
#include <stdexcept>

namespace r8scan {

namespace {

constexpr std::uint32_t widest_anchor = 256;
constexpr std::size_t used_of_keyword = 8;  // characters of a keyword that an anchor uses
constexpr std::size_t piece_size = std::size_t{1} << 30U;
constexpr std::size_t piece_overlap = std::size_t{1} << 16U;

std::string lower(std::string text)
{
    for (auto& c : text) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return text;
}

// Calls on_match(id) for every expression that matches anywhere.
template <typename OnMatch>
void scan_all(const hs_database* database, Bytes content, hs_scratch* scratch, OnMatch&& on_match)
{
    const auto callback = [](unsigned id, unsigned long long, unsigned long long, unsigned, void* context) {
        (*static_cast<std::remove_reference_t<OnMatch>*>(context))(id);
        return 0;
    };
    // hs_scan takes a 32-bit length.
    for (std::size_t begin = 0; !content.empty(); begin += piece_size - piece_overlap) {
        const auto size = std::min(piece_size, content.size() - begin);
        const auto status = hs_scan(database, reinterpret_cast<const char*>(content.data() + begin), static_cast<unsigned>(size),
                                    0, scratch, callback, &on_match);
        if (status != HS_SUCCESS) {
            throw std::runtime_error("hyperscan: scan failed with status " + std::to_string(status));
        }
        if (begin + size == content.size()) {
            return;
        }
    }
}

// No more of a line than this far from the match: a file may be a single line.
std::string_view lines_around(std::string_view text, std::size_t begin, std::size_t end)
{
    constexpr std::size_t longest = 4096;
    const auto from = begin - std::min(begin, longest);
    const auto before = text.substr(from, begin - from);
    const auto behind = text.substr(end, longest);
    const auto line_begin = before.rfind('\n');
    const auto first = line_begin == std::string_view::npos ? from : from + line_begin + 1;
    const auto last = end + std::min(behind.find('\n'), behind.size());
    return text.substr(first, last - first);
}

// Measuring an expression passes assertions that compiling refuses: what may hold one is tried.
bool hyperscan_compiles(const std::string& expression)
{
    const bool may_assert = expression.find("(?") != std::string::npos || expression.find("(*") != std::string::npos ||
                            expression.find('\\') != std::string::npos;
    return !may_assert || make_database({{expression, HS_FLAG_SOM_LEFTMOST, ""}}, {}).ok();
}

}  // namespace

const char* to_string(RuleNote::How how)
{
    switch (how) {
        case RuleNote::How::hyperscan: return "hyperscan";
        case RuleNote::How::prefiltered: return "pcre2 behind hyperscan";
        case RuleNote::How::keywords_only: return "pcre2 behind keywords";
        case RuleNote::How::refused: break;
    }
    return "refused";
}

bool GeneralRules::takes(const Rule& rule)
{
    if (!rule.keywords.empty() || rule.entropy > 0 || !rule.allowlists.empty() || !rule.path.empty() || rule.secret_group != 0) {
        return true;
    }
    // To Hyperscan `$` is also the place before a last newline; in the vocabulary of these files it is the end alone.
    const bool may_end = rule.regex.find('$') != std::string::npos;
    if (may_end || !measure_expression(rule.regex) || !hyperscan_compiles(rule.regex)) {
        return true;
    }
    const auto regex = ExactRegex::compile(rule.regex);
    return regex && regex->groups() > 0;
}

Result<GeneralRules> GeneralRules::compile(const std::vector<Rule>& rules, const std::filesystem::path& cache_dir)
{
    GeneralRules general;
    for (std::uint32_t number = 0; number < rules.size(); ++number) {
        if (!takes(rules[number])) {
            continue;
        }
        if (auto added = general.add(rules[number], number); !added) {
            return added.error().within(origin_of(rules[number]));
        }
    }
    if (auto compiled = general.compile_prefilter(rules, cache_dir); !compiled) {
        return compiled.error();
    }
    if (auto compiled = general.compile_keywords(rules, cache_dir); !compiled) {
        return compiled.error();
    }
    general.collect_anchors(rules);
    std::sort(general.m_notes.begin(), general.m_notes.end(), [](const auto& a, const auto& b) { return a.rule < b.rule; });
    return general;
}

Result<void> GeneralRules::add(const Rule& rule, std::uint32_t number)
{
    if (rule.regex.empty()) {
        m_notes.push_back({number, RuleNote::How::refused, "it matches names of files only, and those are not scanned"});
        return {};
    }
    auto regex = ExactRegex::compile(rule.regex);
    if (!regex) {
        return regex.error();
    }
    auto filter = RuleFilter::compile(rule);
    if (!filter) {
        return filter.error();
    }
    if (rule.secret_group > regex->groups()) {
        return Error(ErrorCode::usage, "secretGroup is " + std::to_string(rule.secret_group) + ", and the regex has " +
                                           std::to_string(regex->groups()) + " groups");
    }
    CompiledRule compiled;
    compiled.number = number;
    compiled.group = rule.secret_group;
    compiled.has_keywords = !rule.keywords.empty();
    compiled.regex = std::move(*regex);
    compiled.filter = std::move(*filter);
    m_rules.push_back(std::move(compiled));
    return {};
}

// All expressions that Hyperscan takes in one database; those that it does not take are left out one by one.
Result<void> GeneralRules::compile_prefilter(const std::vector<Rule>& rules, const std::filesystem::path& cache_dir)
{
    std::map<std::uint32_t, std::string> reasons;  // by place in m_rules
    std::vector<std::uint32_t> in_it;
    std::vector<DatabaseExpression> expressions;
    for (std::uint32_t at = 0; at < m_rules.size(); ++at) {
        const auto& rule = rules[m_rules[at].number];
        constexpr unsigned flags = HS_FLAG_SINGLEMATCH | HS_FLAG_PREFILTER | HS_FLAG_ALLOWEMPTY;
        if (const auto width = measure_expression(rule.regex, flags); !width) {
            reasons[at] = width.error().message();
            continue;
        }
        in_it.push_back(at);
        expressions.push_back({rule.regex, flags, origin_of(rule)});
    }
    while (!expressions.empty()) {
        CompileFailure failure;
        auto database = make_database(expressions, cache_dir, &failure);
        if (database) {
            m_prefilter = std::move(*database);
            m_prefilter_key = database_key(expressions);
            break;
        }
        if (failure.expression < 0) {
            return database.error();
        }
        reasons[in_it[static_cast<std::size_t>(failure.expression)]] = "hyperscan: " + failure.message;
        in_it.erase(in_it.begin() + failure.expression);
        expressions.erase(expressions.begin() + failure.expression);
    }
    m_rule_of_expression = in_it;
    for (const auto at : in_it) {
        m_rules[at].in_hyperscan = true;
        m_notes.push_back({m_rules[at].number, RuleNote::How::prefiltered, ""});
    }
    for (const auto& [at, reason] : reasons) {
        const bool has_keywords = m_rules[at].has_keywords;
        m_notes.push_back({m_rules[at].number, has_keywords ? RuleNote::How::keywords_only : RuleNote::How::refused,
                           has_keywords ? reason : reason + ", and it has no keywords"});
    }
    return {};
}

Result<void> GeneralRules::compile_keywords(const std::vector<Rule>& rules, const std::filesystem::path& cache_dir)
{
    std::map<std::string, std::vector<std::uint32_t>> of_keyword;
    for (std::uint32_t at = 0; at < m_rules.size(); ++at) {
        for (const auto& keyword : rules[m_rules[at].number].keywords) {
            auto& list = of_keyword[lower(keyword)];
            if (list.empty() || list.back() != at) {
                list.push_back(at);
            }
        }
    }
    std::vector<DatabaseExpression> expressions;
    for (const auto& [keyword, list] : of_keyword) {
        expressions.push_back({escape_literal(keyword), HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH, "keyword '" + keyword + "'"});
        m_rules_of_keyword.push_back(list);
    }
    if (expressions.empty()) {
        return {};
    }
    auto database = make_database(expressions, cache_dir);
    if (!database) {
        return database.error();
    }
    m_keywords = std::move(*database);
    m_keywords_key = database_key(expressions);
    return {};
}

void GeneralRules::collect_anchors(const std::vector<Rule>& rules)
{
    for (const auto& compiled : m_rules) {
        const auto& rule = rules[compiled.number];
        for (const auto& keyword : rule.keywords) {
            m_anchors.push_back({compiled.number, escape_literal(keyword.substr(0, used_of_keyword)), HS_FLAG_CASELESS});
        }
        if (!rule.keywords.empty()) {
            continue;
        }
        const auto width = measure_expression(rule.regex, HS_FLAG_PREFILTER | HS_FLAG_ALLOWEMPTY);
        if (!rule.anchors.empty()) {
            for (const auto& anchor : rule.anchors) {
                m_anchors.push_back({compiled.number, anchor, 0});
            }
        } else if (compiled.in_hyperscan && width && width->least > 0 && width->most <= widest_anchor) {
            // Without the assertions that it may hold, which only narrow what matches.
            m_anchors.push_back({compiled.number, rule.regex, HS_FLAG_PREFILTER});
        } else if (compiled.in_hyperscan && !m_rule_without_anchor) {
            m_rule_without_anchor = compiled.number;
        }
    }
}

std::vector<SerialisedDatabase> GeneralRules::serialised() const
{
    std::vector<SerialisedDatabase> databases;
    if (m_keywords) {
        databases.push_back({m_keywords_key, serialise(m_keywords.get())});
    }
    if (m_prefilter) {
        databases.push_back({m_prefilter_key, serialise(m_prefilter.get())});
    }
    return databases;
}

GeneralRules::Scratch GeneralRules::make_scratch() const
{
    Scratch scratch;
    for (const auto* database : {m_keywords.get(), m_prefilter.get()}) {
        if (database != nullptr) {
            add_scratch(scratch.m_hyperscan, database);
        }
    }
    return scratch;
}

void GeneralRules::find(Bytes content, Scratch& scratch, Matches& out) const
{
    if (m_rules.empty()) {
        return;
    }
    bool any = false;
    scratch.m_live.assign(m_rules.size(), false);
    scratch.m_possible.assign(m_rules.size(), false);
    for (std::size_t at = 0; at < m_rules.size(); ++at) {
        scratch.m_live[at] = !m_rules[at].has_keywords;
        any = any || !m_rules[at].has_keywords;
    }
    if (m_keywords) {
        scan_all(m_keywords.get(), content, scratch.m_hyperscan.get(), [&](unsigned id) {
            for (const auto at : m_rules_of_keyword[id]) {
                scratch.m_live[at] = true;
            }
            any = true;
        });
    }
    if (!any) {
        return;
    }
    if (m_prefilter) {
        scan_all(m_prefilter.get(), content, scratch.m_hyperscan.get(),
                 [&](unsigned id) { scratch.m_possible[m_rule_of_expression[id]] = true; });
    }
    for (std::size_t at = 0; at < m_rules.size(); ++at) {
        const auto& rule = m_rules[at];
        const bool possible = rule.in_hyperscan ? scratch.m_possible[at] : rule.has_keywords;
        if (scratch.m_live[at] && possible) {
            match(rule, as_text(content), scratch, out);
        }
    }
}

void GeneralRules::match(const CompiledRule& rule, std::string_view text, Scratch& scratch, Matches& out) const
{
    ExactRegex::Match match;
    std::size_t kept = 0;
    for (std::size_t from = 0; from <= text.size();) {
        switch (rule.regex.next(text, from, rule.group, scratch.m_state, match)) {
            case ExactRegex::Outcome::none: return;
            case ExactRegex::Outcome::gave_up: out.gave_up.insert(rule.number); return;
            case ExactRegex::Outcome::found: break;
        }
        const auto secret = text.substr(match.secret_begin, match.secret_end - match.secret_begin);
        const auto whole = text.substr(match.begin, match.end - match.begin);
        if (!secret.empty() &&
            rule.filter.keeps(secret, whole, lines_around(text, match.begin, match.end), scratch.m_state)) {
            if (++kept > most_matches) {
                out.too_many.insert(rule.number);
                return;
            }
            out.candidates.push_back({rule.number, match.secret_begin, match.secret_end});
        }
        from = std::max(match.end, match.begin + 1);
    }
}

bool GeneralRules::keeps_place(std::uint32_t rule, std::string_view path, std::string_view commit, std::string_view secret,
                               Scratch& scratch) const
{
    const auto at = std::find_if(m_rules.begin(), m_rules.end(), [&](const CompiledRule& r) { return r.number == rule; });
    return at == m_rules.end() || at->filter.keeps_place(path, commit, secret, scratch.m_state);
}

}  // namespace r8scan
