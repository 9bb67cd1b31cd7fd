#include "match/matcher.h"

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

struct FreeCompileError {
    void operator()(hs_compile_error_t* error) const { hs_free_compile_error(error); }
};
using CompileError = std::unique_ptr<hs_compile_error_t, FreeCompileError>;

// Width of what an expression matches, or why Hyperscan cannot take it.
Result<hs_expr_info_t> measure(const std::string& expression)
{
    hs_expr_info_t* info = nullptr;
    hs_compile_error_t* error = nullptr;
    const auto status = hs_expression_info(expression.c_str(), HS_FLAG_DOTALL, &info, &error);
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
    return {ErrorCode::usage, m_rules[rule].origin + ": rule '" + m_rules[rule].id + "': " + what};
}

Result<Matcher> Matcher::compile(std::vector<Rule> rules)
{
    Matcher matcher;
    matcher.m_rules = std::move(rules);
    std::vector<Expression> anchors;
    std::vector<Expression> candidates;
    std::string identity;
    for (std::uint32_t number = 0; number < matcher.m_rules.size(); ++number) {
        const auto& rule = matcher.m_rules[number];
        const auto width = measure(rule.regex);
        if (!width) {
            return matcher.rule_error(number, width.error().message());
        }
        if (width->min_width == 0) {
            return matcher.rule_error(number, "matches the empty string");
        }
        const bool fixed = width->min_width == width->max_width;
        matcher.m_fixed_width.push_back(fixed ? width->max_width : 0);
        // Where the width is fixed the end tells the beginning, and Hyperscan need not track it.
        const unsigned flags = HS_FLAG_DOTALL | (fixed ? 0U : HS_FLAG_SOM_LEFTMOST);
        candidates.push_back({rule.regex, number, flags});
        if (auto added = matcher.add_anchors(number, anchors); !added) {
            return added.error();
        }
        identity += rule.id + '\0' + rule.regex + '\0' + std::to_string(static_cast<int>(rule.boundary)) + '\0';
    }
    auto database = matcher.compile_all(candidates);
    if (!database) {
        return database.error();
    }
    matcher.m_candidates = std::move(*database);
    if (matcher.m_anchor_width) {
        auto anchor_database = matcher.compile_all(anchors);
        if (!anchor_database) {
            return anchor_database.error();
        }
        matcher.m_anchors = std::move(*anchor_database);
    }
    matcher.m_digest = sha256_hex(as_bytes(identity)).substr(0, 16);
    return matcher;
}

Result<void> Matcher::add_anchors(std::uint32_t number, std::vector<Expression>& anchors)
{
    const auto& rule = m_rules[number];
    constexpr unsigned flags = HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH;
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
        if (m_anchor_width) {
            m_anchor_width = std::max<std::size_t>(*m_anchor_width, width->max_width);
        }
        anchors.push_back({text, number, flags});
    }
    return {};
}

Result<Matcher::Database> Matcher::compile_all(const std::vector<Expression>& expressions) const
{
    std::vector<const char*> texts;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    for (const auto& expression : expressions) {
        texts.push_back(expression.text.c_str());
        flags.push_back(expression.flags);
        ids.push_back(expression.rule);
    }
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    const auto status = hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()),
                                         HS_MODE_BLOCK, nullptr, &database, &error);
    const CompileError owned_error(error);
    if (status != HS_SUCCESS) {
        if (error != nullptr && error->expression >= 0) {
            return rule_error(expressions[static_cast<std::size_t>(error->expression)].rule, error->message);
        }
        return Error(ErrorCode::usage, std::string("hyperscan cannot compile the rules: ") +
                                           (error != nullptr ? error->message : "this processor is not supported"));
    }
    return Database(database);
}

MatchScratch Matcher::make_scratch() const
{
    hs_scratch_t* scratch = nullptr;
    for (const auto* database : {m_candidates.get(), m_anchors.get()}) {
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

void Matcher::find(Bytes content, hs_scratch* scratch, std::vector<Candidate>& out) const
{
    struct Collector {
        const std::vector<std::uint32_t>* fixed_width;
        std::vector<Candidate>* out;
        std::uint64_t piece_begin;
    };
    out.clear();
    const auto on_match = [](unsigned rule, unsigned long long from, unsigned long long to, unsigned, void* context) {
        const auto& collector = *static_cast<Collector*>(context);
        const auto width = (*collector.fixed_width)[rule];
        const auto begin = width != 0 ? to - width : from;
        collector.out->push_back({rule, collector.piece_begin + begin, collector.piece_begin + to});
        return 0;
    };
    for_each_piece(content, [&](Bytes piece, std::size_t begin) {
        Collector collector{&m_fixed_width, &out, begin};
        const auto status = hs_scan(m_candidates.get(), reinterpret_cast<const char*>(piece.data()),
                                    static_cast<unsigned>(piece.size()), 0, scratch, on_match, &collector);
        if (status != HS_SUCCESS) {
            throw std::runtime_error("hyperscan: scan failed with status " + std::to_string(status));
        }
        return true;
    });
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    // A match of varying width is reported once for each end: the longest from one beginning is the match.
    std::vector<Candidate> longest;
    for (const auto& candidate : out) {
        if (!longest.empty() && longest.back().rule == candidate.rule && longest.back().begin == candidate.begin) {
            longest.back() = candidate;
        } else {
            longest.push_back(candidate);
        }
    }
    out.swap(longest);
}

}  // namespace r8scan
