#include "match/content_scanner.h"

#include "match/boundary.h"
#include "match/placeholder.h"

#include <algorithm>
#include <tuple>

namespace r8scan {

namespace {

// A match near the end of a window waits for the next one, which has its neighbours. Longer than any bounded match
// plus what the boundary looks at; an unbounded match longer than this is cut at a window's edge.
constexpr std::size_t overlap = 64U << 10U;

// Length of the UTF-8 sequence that begins at `at`; 1 for a byte that begins none.
std::size_t sequence_length(std::string_view text, std::size_t at)
{
    const auto byte = static_cast<unsigned char>(text[at]);
    std::size_t length = 1;
    if (byte >= 0xc2 && byte <= 0xdf) {
        length = 2;
    } else if (byte >= 0xe0 && byte <= 0xef) {
        length = 3;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
        length = 4;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if (at + i >= text.size() || (static_cast<unsigned char>(text[at + i]) & 0xc0U) != 0x80U) {
            return 1;
        }
    }
    return length;
}

}  // namespace

void PositionCounter::advance(Bytes content, std::uint64_t content_begin, std::uint64_t offset)
{
    const auto text = as_text(content);
    auto at = static_cast<std::size_t>(m_offset - content_begin);
    const auto end = static_cast<std::size_t>(offset - content_begin);
    // Whole lines are skipped by memchr; only the last one is counted character by character.
    for (;;) {
        const auto newline = text.substr(0, end).find('\n', at);
        if (newline == std::string_view::npos) {
            break;
        }
        at = newline + 1;
        ++m_line;
        m_column = 1;
    }
    while (at < end) {
        at += sequence_length(text, at);
        ++m_column;
    }
    m_offset = content_begin + at;
}

std::vector<Hit> ContentScanner::scan(Bytes content)
{
    std::vector<Hit> hits;
    m_counter = {};
    judge(content, 0, 0, content.size() + 1, hits);
    return hits;
}

void ContentScanner::start()
{
    m_counter = {};
    m_carried.clear();
    m_carried_begin = 0;
    m_judged_to = 0;
}

void ContentScanner::window(Bytes piece, bool last, std::vector<Hit>& out)
{
    m_carried.insert(m_carried.end(), piece.begin(), piece.end());
    const auto end = m_carried_begin + m_carried.size();
    const auto judge_to = last ? end + 1 : (end > overlap ? std::max(m_judged_to, end - overlap) : m_judged_to);
    judge(m_carried, m_carried_begin, m_judged_to, judge_to, out);
    m_judged_to = judge_to;
    if (last) {
        return start();
    }
    // Keep what the next candidates need to their left, and count the lines that leave.
    const auto keep_from = m_judged_to > overlap ? std::max(m_carried_begin, m_judged_to - overlap) : m_carried_begin;
    m_counter.advance(m_carried, m_carried_begin, std::max(keep_from, m_counter.offset()));
    m_carried.erase(m_carried.begin(), m_carried.begin() + static_cast<std::ptrdiff_t>(keep_from - m_carried_begin));
    m_carried_begin = keep_from;
}

void ContentScanner::judge(Bytes content, std::uint64_t content_begin, std::uint64_t from, std::uint64_t to,
                           std::vector<Hit>& out)
{
    m_matcher.find(content, m_scratch.get(), m_candidates);
    std::sort(m_candidates.begin(), m_candidates.end(),
              [](const Candidate& a, const Candidate& b) { return std::tie(a.begin, a.rule) < std::tie(b.begin, b.rule); });
    for (const auto& candidate : m_candidates) {
        const auto begin = content_begin + candidate.begin;
        if (begin < from || begin >= to) {
            continue;
        }
        BoundaryVerdict verdict;
        if (m_matcher.rules()[candidate.rule].boundary == BoundaryKind::token) {
            const auto judged = judge_boundary(content, candidate.begin, candidate.end);
            if (!judged) {
                continue;
            }
            verdict = *judged;
        }
        const auto text = as_text(content.subspan(candidate.begin, candidate.end - candidate.begin));
        Hit hit;
        hit.rule = candidate.rule;
        hit.secret = Secret(text);
        hit.confidence = verdict.confidence;
        hit.why = verdict.why;
        hit.placeholder = is_placeholder(text);
        m_counter.advance(content, content_begin, begin);
        auto end_counter = m_counter;
        end_counter.advance(content, content_begin, content_begin + candidate.end);
        hit.position = {m_counter.line(), m_counter.column(), end_counter.line(), end_counter.column(), begin};
        out.push_back(std::move(hit));
    }
}

}  // namespace r8scan
