#include "match/matcher.h"

#include "match/encoded_anchors.h"
#include "util/hash.h"

#include <hs.h>

#include <algorithm>
#include <stdexcept>

namespace r8scan {

namespace {

constexpr unsigned widest_anchor = 256;

// hs_scan takes a 32-bit length; longer content goes in pieces that overlap by more than any bounded match.
constexpr std::size_t piece_size = std::size_t{1} << 30U;
constexpr std::size_t piece_overlap = std::size_t{1} << 16U;

template <typename OnPiece>
void for_each_piece(Bytes content, OnPiece&& on_piece)
{
    for (std::size_t begin = 0; !content.empty(); begin += piece_size - piece_overlap) {
        const auto size = std::min(piece_size, content.size() - begin);
        if (!on_piece(content.subspan(begin, size), begin) || begin + size == content.size()) {
            return;
        }
    }
}

// A match of varying width is reported once for each end: the longest from one beginning is the match.
void keep_longest(std::vector<Candidate>& candidates)
{
    std::sort(candidates.begin(), candidates.end());
    std::vector<Candidate> longest;
    for (const auto& candidate : candidates) {
        if (!longest.empty() && longest.back().rule == candidate.rule && longest.back().begin == candidate.begin) {
            longest.back() = candidate;
        } else {
            longest.push_back(candidate);
        }
    }
    candidates.swap(longest);
}

}  // namespace

Error Matcher::rule_error(std::uint32_t rule, const std::string& what) const
{
    return {ErrorCode::usage, origin_of(m_rules[rule]) + ": " + what};
}

Result<Matcher> Matcher::compile(std::vector<Rule> rules, const std::vector<LeadExpression>& more_leads,
                                 const std::filesystem::path& cache_dir)
{
    Matcher matcher;
    matcher.m_rules = std::move(rules);
    for (std::uint32_t number = 0; number < matcher.m_rules.size(); ++number) {
        if (!GeneralRules::takes(matcher.m_rules[number])) {
            if (auto added = matcher.add_rule(number); !added) {
                return added.error();
            }
        }
        for (const auto& lead : encoded_anchors(matcher.m_rules[number])) {
            if (auto added = matcher.add_lead(lead, origin_of(matcher.m_rules[number])); !added) {
                return added.error();
            }
        }
    }
    for (const auto& lead : more_leads) {
        if (auto added = matcher.add_lead(lead, "lead '" + lead.expression + "'"); !added) {
            return added.error();
        }
    }
    auto general = GeneralRules::compile(matcher.m_rules, cache_dir);
    if (!general) {
        return general.error();
    }
    matcher.m_general = std::move(*general);
    matcher.add_general();
    if (!matcher.m_finder_expressions.empty()) {
        auto finder = make_database(matcher.m_finder_expressions, cache_dir);
        if (!finder) {
            return finder.error();
        }
        matcher.m_finder = std::move(*finder);
    }
    if (matcher.m_anchor_width && !matcher.m_anchor_expressions.empty()) {
        auto anchors = make_database(matcher.m_anchor_expressions, cache_dir);
        if (!anchors) {
            return anchors.error();
        }
        matcher.m_anchors = std::move(*anchors);
    }
    matcher.m_digest = sha256_hex(as_bytes(matcher.identity())).substr(0, 16);
    return matcher;
}

Result<void> Matcher::add_rule(std::uint32_t number)
{
    const auto& rule = m_rules[number];
    const auto width = measure_expression(rule.regex);
    if (!width) {
        return rule_error(number, width.error().message());
    }
    if (width->least == 0) {
        return rule_error(number, "matches the empty string");
    }
    const bool fixed = width->least == width->most;
    // Where the width is fixed the end tells the beginning, and Hyperscan need not track it.
    Meaning meaning;
    meaning.rule = number;
    meaning.width = fixed ? width->most : 0;
    add_finder(rule.regex, fixed ? 0U : HS_FLAG_SOM_LEFTMOST, meaning, origin_of(rule));
    m_notes.push_back({number, RuleNote::How::hyperscan, ""});
    if (const auto lead = interrupted_lead(rule)) {
        add_finder(lead->expression, HS_FLAG_SOM_LEFTMOST, {{}, 0, lead->kind, 0}, origin_of(rule));
    }
    return add_anchors(number);
}

Result<void> Matcher::add_anchors(std::uint32_t number)
{
    const auto& rule = m_rules[number];
    auto expressions = rule.anchors;
    if (expressions.empty()) {
        expressions = {rule.regex};
    }
    for (const auto& text : expressions) {
        const auto width = measure_expression(text);
        if (!width) {
            return rule_error(number, "anchor '" + text + "': " + width.error().message());
        }
        if (width->most > widest_anchor || width->least == 0) {
            if (!rule.anchors.empty()) {
                return rule_error(number, "anchor '" + text + "' must match between 1 and " +
                                              std::to_string(widest_anchor) + " bytes");
            }
            note_no_anchor(rule);
            return {};
        }
        add_anchor(text, 0, width->most, origin_of(rule));
    }
    return {};
}

Result<void> Matcher::add_lead(const LeadExpression& lead, const std::string& origin)
{
    const auto width = measure_expression(lead.expression);
    if (!width || width->least == 0 || width->most > widest_anchor) {
        return Error(ErrorCode::usage, origin + ": '" + lead.expression + "' is no anchor");
    }
    const unsigned flags = lead.caseless ? HS_FLAG_CASELESS : 0U;
    add_anchor(lead.expression, flags, width->most, origin);
    add_finder(lead.expression, flags, {{}, width->most, lead.kind, lead.detail}, origin);
    return {};
}

void Matcher::add_general()
{
    for (const auto& anchor : m_general.anchors()) {
        const auto width = measure_expression(anchor.expression, anchor.flags);
        add_anchor(anchor.expression, anchor.flags, width ? width->most : widest_anchor,
                   origin_of(m_rules[anchor.rule]));
    }
    if (const auto rule = m_general.rule_without_anchor()) {
        note_no_anchor(m_rules[*rule]);
    }
    m_notes.insert(m_notes.end(), m_general.notes().begin(), m_general.notes().end());
    std::sort(m_notes.begin(), m_notes.end(), [](const RuleNote& a, const RuleNote& b) { return a.rule < b.rule; });
}

void Matcher::note_no_anchor(const Rule& rule)
{
    m_anchor_width.reset();
    if (m_rule_without_anchor.empty()) {
        m_rule_without_anchor = rule.id;
    }
}

void Matcher::add_anchor(std::string text, unsigned flags, std::size_t width, std::string origin)
{
    if (m_anchor_width) {
        m_anchor_width = std::max<std::size_t>(*m_anchor_width, width);
    }
    m_anchor_expressions.push_back({std::move(text), flags | HS_FLAG_SINGLEMATCH, std::move(origin)});
}

void Matcher::add_finder(std::string text, unsigned flags, const Meaning& meaning, std::string origin)
{
    m_finder_expressions.push_back({std::move(text), flags, std::move(origin)});
    m_meanings.push_back(meaning);
}

// Everything that decides what is found.
std::string Matcher::identity() const
{
    std::string all;
    const auto add = [&](const std::string& text) { all += text + '\0'; };
    for (const auto& rule : m_rules) {
        for (const auto* text : {&rule.id, &rule.regex, &rule.path}) {
            add(*text);
        }
        add(std::to_string(static_cast<int>(rule.boundary)) + std::to_string(static_cast<int>(rule.confidence)) +
            std::to_string(rule.entropy) + std::to_string(rule.secret_group));
        for (const auto& keyword : rule.keywords) {
            add(keyword);
        }
        for (const auto& list : rule.allowlists) {
            for (const auto* texts : {&list.commits, &list.paths, &list.regexes, &list.stopwords}) {
                for (const auto& text : *texts) {
                    add(text);
                }
            }
        }
    }
    for (const auto& expression : m_finder_expressions) {
        add(expression.text);
    }
    return all;
}

std::vector<SerialisedDatabase> Matcher::serialised() const
{
    auto databases = m_general.serialised();
    if (m_anchors) {
        databases.push_back({database_key(m_anchor_expressions), serialise(m_anchors.get())});
    }
    if (m_finder) {
        databases.push_back({database_key(m_finder_expressions), serialise(m_finder.get())});
    }
    return databases;
}

Matcher::Scratch Matcher::make_scratch() const
{
    Scratch scratch;
    for (const auto* database : {m_finder.get(), m_anchors.get()}) {
        if (database != nullptr) {
            add_scratch(scratch.m_hyperscan, database);
        }
    }
    scratch.m_general = m_general.make_scratch();
    return scratch;
}

bool Matcher::has_anchor(Bytes content, Scratch& scratch) const
{
    if (!m_anchors) {
        return true;
    }
    bool found = false;
    const auto on_match = [](unsigned, unsigned long long, unsigned long long, unsigned, void* context) {
        *static_cast<bool*>(context) = true;
        return 1;
    };
    for_each_piece(content, [&](Bytes piece, std::size_t) {
        const auto status = hs_scan(m_anchors.get(), reinterpret_cast<const char*>(piece.data()),
                                    static_cast<unsigned>(piece.size()), 0, scratch.m_hyperscan.get(), on_match, &found);
        if (status != HS_SUCCESS && status != HS_SCAN_TERMINATED) {
            throw std::runtime_error("hyperscan: scan failed with status " + std::to_string(status));
        }
        return !found;
    });
    return found;
}

void Matches::clear()
{
    candidates.clear();
    leads.clear();
    gave_up.clear();
    too_many.clear();
    too_many_leads = false;
}

void Matcher::find(Bytes content, Scratch& scratch, Matches& out) const
{
    struct Collector {
        const std::vector<Meaning>& meanings;
        std::vector<std::size_t>& kept;
        Matches& out;
        std::uint64_t piece_begin;
    };
    out.clear();
    scratch.m_kept.assign(m_rules.size(), 0);
    const auto on_match = [](unsigned id, unsigned long long from, unsigned long long to, unsigned, void* context) {
        const auto& collector = *static_cast<Collector*>(context);
        const auto& meaning = collector.meanings[id];
        const auto begin =
            collector.piece_begin + (meaning.width == 0 ? from : to - std::min<unsigned long long>(to, meaning.width));
        const auto end = collector.piece_begin + to;
        if (!meaning.rule) {
            if (collector.out.leads.size() < most_leads) {
                collector.out.leads.push_back({meaning.kind, meaning.detail, begin, end});
            } else {
                collector.out.too_many_leads = true;
            }
        } else if (++collector.kept[*meaning.rule] <= most_matches) {
            collector.out.candidates.push_back({*meaning.rule, begin, end});
        } else {
            collector.out.too_many.insert(*meaning.rule);
        }
        return 0;
    };
    for_each_piece(content, [&](Bytes piece, std::size_t begin) {
        if (!m_finder) {
            return false;
        }
        Collector collector{m_meanings, scratch.m_kept, out, begin};
        const auto status = hs_scan(m_finder.get(), reinterpret_cast<const char*>(piece.data()),
                                    static_cast<unsigned>(piece.size()), 0, scratch.m_hyperscan.get(), on_match, &collector);
        if (status != HS_SUCCESS) {
            throw std::runtime_error("hyperscan: scan failed with status " + std::to_string(status));
        }
        return true;
    });
    std::sort(out.leads.begin(), out.leads.end());
    out.leads.erase(std::unique(out.leads.begin(), out.leads.end()), out.leads.end());
    m_general.find(content, scratch.m_general, out);
    keep_longest(out.candidates);
}

}  // namespace r8scan
