#include "match/matcher.h"

#include "match/built_databases.h"
#include "match/encoded_anchors.h"
#include "util/hash.h"

#include <hs.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <new>
#include <stdexcept>

namespace r8scan {

namespace {

constexpr unsigned widest_anchor = 256;

struct FreeExpressionInfo {
    void operator()(hs_expr_info_t* info) const { std::free(info); }
};
using ExpressionInfo = std::unique_ptr<hs_expr_info_t, FreeExpressionInfo>;

struct FreeBytes {
    void operator()(char* bytes) const { std::free(bytes); }
};

struct FreeCompileError {
    void operator()(hs_compile_error_t* error) const { hs_free_compile_error(error); }
};
using CompileError = std::unique_ptr<hs_compile_error_t, FreeCompileError>;

// Width of what an expression matches, or why Hyperscan cannot take it.
Result<hs_expr_info_t> measure(const std::string& expression)
{
    hs_expr_info_t* info = nullptr;
    hs_compile_error_t* error = nullptr;
    const auto status = hs_expression_info(expression.c_str(), 0, &info, &error);
    const ExpressionInfo owned_info(info);
    const CompileError owned_error(error);
    if (status != HS_SUCCESS) {
        return Error(ErrorCode::usage, error != nullptr ? error->message : "hyperscan refuses the expression");
    }
    return *info;
}

// hs_scan takes a 32-bit length; longer content goes in pieces that overlap by more than any bounded match.
constexpr std::size_t piece_size = std::size_t{1} << 30U;
constexpr std::size_t piece_overlap = std::size_t{1} << 16U;

template <typename OnPiece>
void for_each_piece(Bytes content, OnPiece&& on_piece)
{
    for (std::size_t begin = 0;; begin += piece_size - piece_overlap) {
        const auto size = std::min(piece_size, content.size() - begin);
        if (!on_piece(content.subspan(begin, size), begin) || begin + size == content.size()) {
            return;
        }
    }
}

std::string origin_of(const Rule& rule)
{
    return rule.origin + (rule.line != 0 ? ":" + std::to_string(rule.line) : "") + ": rule '" + rule.id + "'";
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

void FreeScratch::operator()(hs_scratch* scratch) const
{
    hs_free_scratch(scratch);
}

void Matcher::FreeDatabase::operator()(hs_database* database) const
{
    hs_free_database(database);
}

Error Matcher::rule_error(std::uint32_t rule, const std::string& what) const
{
    return {ErrorCode::usage, origin_of(m_rules[rule]) + ": " + what};
}

Result<Matcher> Matcher::compile(std::vector<Rule> rules, const std::vector<LeadExpression>& more_leads)
{
    Matcher matcher;
    matcher.m_rules = std::move(rules);
    for (std::uint32_t number = 0; number < matcher.m_rules.size(); ++number) {
        if (auto added = matcher.add_rule(number); !added) {
            return added.error();
        }
    }
    for (const auto& lead : more_leads) {
        if (auto added = matcher.add_lead(lead, "lead '" + lead.expression + "'"); !added) {
            return added.error();
        }
    }
    auto finder = compile_all(matcher.m_finder_expressions);
    if (!finder) {
        return finder.error();
    }
    matcher.m_finder = std::move(*finder);
    if (matcher.m_anchor_width) {
        auto anchors = compile_all(matcher.m_anchor_expressions);
        if (!anchors) {
            return anchors.error();
        }
        matcher.m_anchors = std::move(*anchors);
    }
    std::string identity;
    for (const auto& rule : matcher.m_rules) {
        identity += rule.id + '\0' + rule.regex + '\0' + std::to_string(static_cast<int>(rule.boundary)) + '\0';
    }
    for (const auto& expression : matcher.m_finder_expressions) {
        identity += expression.text + '\0';
    }
    matcher.m_digest = sha256_hex(as_bytes(identity)).substr(0, 16);
    return matcher;
}

Result<void> Matcher::add_rule(std::uint32_t number)
{
    const auto& rule = m_rules[number];
    const auto width = measure(rule.regex);
    if (!width) {
        return rule_error(number, width.error().message());
    }
    if (width->min_width == 0) {
        return rule_error(number, "matches the empty string");
    }
    const bool fixed = width->min_width == width->max_width;
    // Where the width is fixed the end tells the beginning, and Hyperscan need not track it.
    Meaning meaning;
    meaning.rule = number;
    meaning.width = fixed ? width->max_width : 0;
    add_finder(rule.regex, fixed ? 0U : HS_FLAG_SOM_LEFTMOST, meaning, origin_of(rule));
    if (auto added = add_anchors(number); !added) {
        return added;
    }
    for (const auto& lead : encoded_anchors(rule)) {
        if (auto added = add_lead(lead, origin_of(rule)); !added) {
            return added;
        }
    }
    if (const auto lead = interrupted_lead(rule)) {
        add_finder(lead->expression, HS_FLAG_SOM_LEFTMOST, {{}, 0, lead->kind, 0}, origin_of(rule));
    }
    return {};
}

Result<void> Matcher::add_anchors(std::uint32_t number)
{
    const auto& rule = m_rules[number];
    auto expressions = rule.anchors;
    if (expressions.empty()) {
        expressions = {rule.regex};
    }
    for (const auto& text : expressions) {
        const auto width = measure(text);
        if (!width) {
            return rule_error(number, "anchor '" + text + "': " + width.error().message());
        }
        if (width->max_width > widest_anchor || width->min_width == 0) {
            if (!rule.anchors.empty()) {
                return rule_error(number, "anchor '" + text + "' must match between 1 and " +
                                              std::to_string(widest_anchor) + " bytes");
            }
            m_anchor_width.reset();
            if (m_rule_without_anchor.empty()) {
                m_rule_without_anchor = rule.id;
            }
            return {};
        }
        add_anchor(text, 0, width->max_width, origin_of(rule));
    }
    return {};
}

Result<void> Matcher::add_lead(const LeadExpression& lead, const std::string& origin)
{
    const auto width = measure(lead.expression);
    if (!width || width->min_width == 0 || width->max_width > widest_anchor) {
        return Error(ErrorCode::usage, origin + ": '" + lead.expression + "' is no anchor");
    }
    const unsigned flags = lead.caseless ? HS_FLAG_CASELESS : 0U;
    add_anchor(lead.expression, flags, width->max_width, origin);
    add_finder(lead.expression, flags, {{}, width->max_width, lead.kind, lead.detail}, origin);
    return {};
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

std::string Matcher::key_of(const std::vector<Expression>& expressions)
{
    std::string all = hs_version();
    for (const auto& expression : expressions) {
        all += '\0' + expression.text + '\0' + std::to_string(expression.flags);
    }
    return sha256_hex(as_bytes(all));
}

std::vector<SerialisedDatabase> Matcher::serialised() const
{
    std::vector<SerialisedDatabase> databases;
    for (const auto& [database, expressions] : {std::pair(m_anchors.get(), &m_anchor_expressions),
                                                std::pair(m_finder.get(), &m_finder_expressions)}) {
        char* bytes = nullptr;
        std::size_t size = 0;
        if (database == nullptr || hs_serialize_database(database, &bytes, &size) != HS_SUCCESS) {
            continue;
        }
        const std::unique_ptr<char, FreeBytes> owned(bytes);
        databases.push_back({key_of(*expressions), std::string(bytes, size)});
    }
    return databases;
}

Result<Matcher::Database> Matcher::compile_all(const std::vector<Expression>& expressions)
{
    if (const auto built = built_database(key_of(expressions)); !built.empty()) {
        hs_database_t* loaded = nullptr;
        if (hs_deserialize_database(reinterpret_cast<const char*>(built.data()), built.size(), &loaded) == HS_SUCCESS) {
            return Database(loaded);
        }
    }
    std::vector<const char*> texts;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    for (const auto& expression : expressions) {
        ids.push_back(static_cast<unsigned>(ids.size()));
        texts.push_back(expression.text.c_str());
        flags.push_back(expression.flags);
    }
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    const auto status = hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()),
                                         HS_MODE_BLOCK, nullptr, &database, &error);
    const CompileError owned_error(error);
    if (status != HS_SUCCESS) {
        if (error != nullptr && error->expression >= 0) {
            return Error(ErrorCode::usage, expressions[static_cast<std::size_t>(error->expression)].origin + ": " +
                                               error->message);
        }
        return Error(ErrorCode::usage, std::string("hyperscan cannot compile the rules: ") +
                                           (error != nullptr ? error->message : "this processor is not supported"));
    }
    return Database(database);
}

MatchScratch Matcher::make_scratch() const
{
    hs_scratch_t* scratch = nullptr;
    for (const auto* database : {m_finder.get(), m_anchors.get()}) {
        if (database != nullptr && hs_alloc_scratch(database, &scratch) != HS_SUCCESS) {
            hs_free_scratch(scratch);
            throw std::bad_alloc();
        }
    }
    return MatchScratch(scratch);
}

bool Matcher::has_anchor(Bytes content, hs_scratch* scratch) const
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
                                    static_cast<unsigned>(piece.size()), 0, scratch, on_match, &found);
        if (status != HS_SUCCESS && status != HS_SCAN_TERMINATED) {
            throw std::runtime_error("hyperscan: scan failed with status " + std::to_string(status));
        }
        return !found;
    });
    return found;
}

void Matcher::find(Bytes content, hs_scratch* scratch, Matches& out) const
{
    struct Collector {
        const std::vector<Meaning>* meanings;
        Matches* out;
        std::uint64_t piece_begin;
    };
    out.candidates.clear();
    out.leads.clear();
    const auto on_match = [](unsigned id, unsigned long long from, unsigned long long to, unsigned, void* context) {
        const auto& collector = *static_cast<Collector*>(context);
        const auto& meaning = (*collector.meanings)[id];
        const auto begin = collector.piece_begin + (meaning.width == 0 ? from : to - std::min<unsigned long long>(to, meaning.width));
        const auto end = collector.piece_begin + to;
        if (meaning.rule) {
            collector.out->candidates.push_back({*meaning.rule, begin, end});
        } else {
            collector.out->leads.push_back({meaning.kind, meaning.detail, begin, end});
        }
        return 0;
    };
    for_each_piece(content, [&](Bytes piece, std::size_t begin) {
        Collector collector{&m_meanings, &out, begin};
        const auto status = hs_scan(m_finder.get(), reinterpret_cast<const char*>(piece.data()),
                                    static_cast<unsigned>(piece.size()), 0, scratch, on_match, &collector);
        if (status != HS_SUCCESS) {
            throw std::runtime_error("hyperscan: scan failed with status " + std::to_string(status));
        }
        return true;
    });
    std::sort(out.leads.begin(), out.leads.end());
    out.leads.erase(std::unique(out.leads.begin(), out.leads.end()), out.leads.end());
    keep_longest(out.candidates);
}

}  // namespace r8scan
