#include "engine/layer_scanner.h"

#include "decode/container_magic.h"
#include "finding/inline_mark.h"
#include "match/boundary.h"
#include "match/placeholder.h"
#include "match/sqlite_record.h"

#include <fmt/format.h>

#include <algorithm>

namespace r8scan {

namespace {

// Whether the lines of a token hold an inline mark. Tokens come in the order of their places, and those of one line ask
// for it once: a line may be as long as the file.
class MarkReader {
public:
    explicit MarkReader(std::string_view text) : m_text(text) {}

    const std::optional<std::string>& at(std::size_t begin, std::size_t end, bool is_wide)
    {
        if (begin < m_begin || end > m_end || is_wide != m_is_wide) {
            const auto before = begin == 0 ? std::string_view::npos : m_text.rfind('\n', begin - 1);
            m_begin = before == std::string_view::npos ? 0 : before + 1;
            m_end = std::min(m_text.find('\n', end), m_text.size());
            m_is_wide = is_wide;
            m_mark = inline_mark_in(lines());
        }
        return m_mark;
    }

private:
    // Of UTF-16 the marks, which are plain letters, without their zero bytes.
    std::string lines() const
    {
        std::string text(m_text.substr(m_begin, m_end - m_begin));
        if (m_is_wide) {
            std::erase(text, '\0');
        }
        return text;
    }

    std::string_view m_text;
    std::size_t m_begin = 1;  // nothing is known yet
    std::size_t m_end = 0;
    bool m_is_wide = false;
    std::optional<std::string> m_mark;
};

// A match near the end of a window waits for the next one, which has its neighbours. Longer than any bounded match
// in any encoding plus what the boundary looks at; an unbounded match longer than this is cut at a window's edge.
constexpr std::size_t overlap = 64U << 10U;

// What stands so near to an edge where a decoded window was cut is left to the next window: its neighbours are not all
// there.
constexpr std::size_t margin = 300;
// A lead needs this much decoded text behind it to be done with a window.
constexpr std::size_t room = 1024;
// A decoder that changed nothing from here before a lead to here behind it brings nothing new.
constexpr std::size_t looked_at_before = 64;
constexpr std::size_t looked_at_behind = 256;
// Hits in a stream and all its encodings, before those that are the same are told once. Few rules have more than some.
constexpr std::size_t most_raw_hits = 4 * most_matches;

// Whether the decoder took every byte between the two places of its result from one byte of the original.
bool is_unchanged(const decode::Decoded& decoded, std::uint64_t begin, std::uint64_t end)
{
    end = std::min<std::uint64_t>(end, decoded.bytes.size());
    return begin >= end || decoded.ends[end - 1] - decoded.begins[begin] == end - begin;
}

bool is_unchanged_around(const decode::Decoded& decoded, const Lead& lead)
{
    return is_unchanged(decoded, lead.begin - std::min<std::uint64_t>(lead.begin, looked_at_before),
                        lead.end + looked_at_behind);
}

// Up to where in the original leads of the same kind and phase have been followed with this window.
std::uint64_t served_to(const decode::Decoded& decoded)
{
    if (!decoded.cut_right) {
        return decoded.ends.back();
    }
    return decoded.bytes.size() > room ? decoded.begins[decoded.bytes.size() - room] : decoded.begins.front();
}

std::string joined_names(const std::vector<const char*>& layers)
{
    std::string names;
    for (const auto* layer : layers) {
        names += (names.empty() ? "" : " in ") + std::string(layer);
    }
    return names;
}

}  // namespace

LayerScanner::LayerScanner(const Matcher& matcher, const LayerLimits& limits)
    : m_matcher(matcher), m_limits(limits), m_scratch(matcher.make_scratch()), m_matches(limits.depth + 2),
      m_told(matcher.rules().size(), 0)
{
}

bool LayerScanner::has_anchor(Bytes content)
{
    return decode::begins_as_zlib(content) || m_matcher.has_anchor(content, m_scratch);
}

std::vector<Hit> LayerScanner::scan(Bytes content)
{
    std::vector<Hit> hits;
    m_budget = m_limits.budget;
    m_told.assign(m_matcher.rules().size(), 0);
    scan_stream(content, {}, hits);
    return hits;
}

void LayerScanner::start()
{
    m_budget = m_limits.budget;
    m_told.assign(m_matcher.rules().size(), 0);
    m_counter = {};
    m_carried.clear();
    m_carried_begin = 0;
    m_judged_to = 0;
    m_executable = false;
    m_named_container = false;
}

void LayerScanner::window(Bytes piece, bool last, std::vector<Hit>& out)
{
    m_carried.insert(m_carried.end(), piece.begin(), piece.end());
    if (m_carried_begin == 0 && m_judged_to == 0) {
        m_executable = begins_as_executable(m_carried);
    }
    const auto end = m_carried_begin + m_carried.size();
    const auto judge_to = last ? end + 1 : (end > overlap ? std::max(m_judged_to, end - overlap) : m_judged_to);
    m_decoded_left = m_limits.decoded_per_byte * m_carried.size() + m_limits.decoded_at_least;
    auto raw = scan_text(m_carried, 0, nullptr, m_carried_begin == 0, m_executable);
    std::erase_if(raw, [&](const RawHit& hit) {
        return m_carried_begin + hit.begin < m_judged_to || m_carried_begin + hit.begin >= judge_to;
    });
    name_containers(m_carried, m_matches[0].leads);
    tell(m_carried, m_carried_begin, {}, std::move(raw), m_counter, out);
    name_what_was_cut("");
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

std::vector<UnreadPart> LayerScanner::take_unread()
{
    return std::exchange(m_unread, {});
}

void LayerScanner::unread(decode::Unread why, std::string place, std::string what)
{
    m_unread.push_back({why, std::move(place), std::move(what)});
}

void LayerScanner::name_what_was_cut(const std::string& place)
{
    if (m_decoded_left == 0) {
        unread(decode::Unread::limit, place, "its encodings hold too much text");
    }
    if (std::exchange(m_too_deep, false)) {
        unread(decode::Unread::limit, place, "layers nested more than " + std::to_string(m_limits.depth) + " deep");
    }
    for (const auto rule : m_gave_up) {
        unread(decode::Unread::limit, place, "rule '" + m_matcher.rules()[rule].id + "' takes too long to match here");
    }
    m_gave_up.clear();
    name_too_many(place);
}

void LayerScanner::name_too_many(const std::string& place)
{
    for (const auto rule : m_too_many) {
        unread(decode::Unread::limit, place,
               fmt::format("rule '{}' matches more than {} times", m_matcher.rules()[rule].id, most_matches));
    }
    m_too_many.clear();
    if (std::exchange(m_too_many_leads, false)) {
        unread(decode::Unread::limit, place, "too many places where something may be encoded");
    }
}

void LayerScanner::scan_stream(Bytes content, const Stream& stream, std::vector<Hit>& out)
{
    const auto depth = static_cast<unsigned>(stream.layers.size());
    m_decoded_left = m_limits.decoded_per_byte * content.size() + m_limits.decoded_at_least;
    auto raw = scan_text(content, depth, nullptr, true, begins_as_executable(content));
    name_what_was_cut(stream.path);
    // The leads are this depth's, and a container's members need the place.
    const auto leads = m_matches[depth].leads;
    std::vector<Hit> inner;
    open_containers(content, leads, stream, raw, inner);
    PositionCounter counter;
    tell(content, 0, stream, std::move(raw), counter, out);
    name_too_many(stream.path);
    std::move(inner.begin(), inner.end(), std::back_inserter(out));
}

std::vector<LayerScanner::RawHit> LayerScanner::scan_text(Bytes content, unsigned depth, const decode::Decoded* via,
                                                          bool begins_stream, bool executable)
{
    std::vector<RawHit> hits;
    auto& matches = m_matches[depth];
    m_matcher.find(content, m_scratch, matches);
    m_gave_up.insert(matches.gave_up.begin(), matches.gave_up.end());
    m_too_many.insert(matches.too_many.begin(), matches.too_many.end());
    m_too_many_leads = m_too_many_leads || matches.too_many_leads;
    for (const auto& candidate : matches.candidates) {
        if (via == nullptr || !is_unchanged(*via, candidate.begin, candidate.end)) {
            judge(content, candidate, via, executable, hits);
        }
    }
    follow(content, matches.leads, depth, via, begins_stream, hits);
    return each_once(std::move(hits));
}

// The same token may be seen by several leads and readings. Those with fewer layers are better, then those that came
// first.
std::vector<LayerScanner::RawHit> LayerScanner::each_once(std::vector<RawHit> hits)
{
    std::stable_sort(hits.begin(), hits.end(), [](const RawHit& a, const RawHit& b) {
        return std::tuple(a.layers.size(), b.confidence) < std::tuple(b.layers.size(), a.confidence);
    });
    for (std::size_t i = 0; i < hits.size(); ++i) {
        hits[i].rank = i;
    }
    std::sort(hits.begin(), hits.end(), [](const RawHit& a, const RawHit& b) {
        return std::tuple(a.rule, a.begin, a.rank) < std::tuple(b.rule, b.begin, b.rank);
    });
    std::vector<RawHit> kept;
    for (auto& hit : hits) {
        const bool again = !kept.empty() && kept.back().rule == hit.rule && hit.begin < kept.back().end &&
                           kept.back().secret == hit.secret;
        if (!again) {
            kept.push_back(std::move(hit));
        } else if (hit.rank < kept.back().rank) {
            kept.back() = std::move(hit);
        }
    }
    std::sort(kept.begin(), kept.end(),
              [](const RawHit& a, const RawHit& b) { return std::tie(a.begin, a.rule) < std::tie(b.begin, b.rule); });
    return kept;
}

void LayerScanner::judge(Bytes content, const Candidate& candidate, const decode::Decoded* via, bool executable,
                         std::vector<RawHit>& out) const
{
    const auto& rule = m_matcher.rules()[candidate.rule];
    BoundaryVerdict verdict;
    if (rule.boundary == BoundaryKind::token) {
        auto judged = judge_boundary(content, candidate.begin, candidate.end, executable);
        if (via != nullptr && via->joins_lines) {
            // Another line may be none of this text: the better verdict of both readings counts.
            const auto first = via->torn_before(candidate.begin) ? candidate.begin : 0;
            const auto last = via->torn_before(candidate.end) ? candidate.end : content.size();
            const auto alone = judge_boundary(content.subspan(first, last - first), candidate.begin - first,
                                              candidate.end - first, executable);
            judged = !judged || (alone && alone->confidence > judged->confidence) ? alone : judged;
        }
        if (!judged) {
            return;
        }
        // What touches a text in a database belongs to the next column.
        const bool is_column =
            judged->confidence < Confidence::high && is_sqlite_text(content, candidate.begin, candidate.end);
        verdict = is_column ? BoundaryVerdict{} : *judged;
    }
    RawHit hit;
    hit.rule = candidate.rule;
    hit.begin = candidate.begin;
    hit.end = candidate.end;
    hit.secret = Secret(as_text(content.subspan(candidate.begin, candidate.end - candidate.begin)));
    hit.confidence = std::min(verdict.confidence, rule.confidence);
    hit.why = rule.confidence < verdict.confidence ? rule.why.c_str() : verdict.why;
    out.push_back(std::move(hit));
}

void LayerScanner::follow(Bytes content, const std::vector<Lead>& leads, unsigned depth, const decode::Decoded* via,
                          bool begins_stream, std::vector<RawHit>& out)
{
    // Leads come in order of kind and place: one window serves those behind that it reaches.
    std::map<std::tuple<LeadKind, std::uint8_t, std::uint64_t>, std::uint64_t> served;
    for (const auto& lead : leads) {
        if (lead.kind == LeadKind::container || lead.kind == LeadKind::base64_container) {
            continue;
        }
        auto& served_end = served[{lead.kind, lead.detail, lead.begin % phases_of(lead)}];
        if (lead.end <= served_end || (via != nullptr && is_unchanged_around(*via, lead))) {
            continue;
        }
        if (depth >= m_limits.depth) {
            m_too_deep = true;
            return;
        }
        if (m_decoded_left == 0 || stopped()) {
            return;
        }
        if (out.size() > most_raw_hits) {
            m_too_many_leads = true;
            return;
        }
        for (const auto& window : decode_lead(content, lead, {begins_stream, via})) {
            m_decoded_left -= std::min<std::uint64_t>(m_decoded_left, window.decoded.bytes.size());
            look_into(window, depth, out);
            if (lead.kind != LeadKind::interrupted) {
                served_end = std::max(served_end, served_to(window.decoded));
            }
        }
    }
}

void LayerScanner::look_into(const DecodedWindow& window, unsigned depth, std::vector<RawHit>& out)
{
    const auto& decoded = window.decoded;
    if (!has_anchor(decoded.bytes)) {
        return;
    }
    for (auto& hit : scan_text(decoded.bytes, depth + 1, &decoded, false, false)) {
        const bool too_near =
            (decoded.cut_left && hit.begin < margin) || (decoded.cut_right && hit.end + margin > decoded.bytes.size());
        // What stands there unchanged was found without this layer.
        if (too_near || is_unchanged(decoded, hit.begin, hit.end)) {
            continue;
        }
        hit.begin = decoded.begins[hit.begin];
        hit.end = decoded.ends[hit.end - 1];
        hit.layers.insert(hit.layers.begin(), window.layer);
        hit.wide = window.wide;
        if (window.at_most < hit.confidence) {
            hit.confidence = window.at_most;
            hit.why = window.why;
        }
        out.push_back(std::move(hit));
    }
}

void LayerScanner::tell(Bytes content, std::uint64_t content_begin, const Stream& stream, std::vector<RawHit> raw,
                        PositionCounter& counter, std::vector<Hit>& out)
{
    MarkReader marks(as_text(content));
    for (auto& found : raw) {
        if (++m_told[found.rule] > most_matches) {
            m_too_many.insert(found.rule);
            continue;
        }
        Hit hit;
        hit.rule = found.rule;
        // Only a rule that knows what a token looks like knows what a made-up one does.
        hit.placeholder =
            m_matcher.rules()[found.rule].boundary == BoundaryKind::token && is_placeholder(found.secret.reveal());
        hit.secret = std::move(found.secret);
        hit.confidence = found.confidence;
        const auto begin = content_begin + found.begin;
        counter.advance(content, content_begin, begin);
        if (found.wide && content_begin == 0) {
            hit.position = wide_position(content, found.begin, found.end, found.wide->unit, found.wide->big_endian);
        } else {
            auto end_counter = counter;
            end_counter.advance(content, content_begin, content_begin + found.end);
            hit.position = {counter.line(), counter.column(), end_counter.line(), end_counter.column(), begin};
        }
        hit.end_offset = content_begin + found.end;
        auto layers = stream.layers;
        layers.insert(layers.end(), found.layers.begin(), found.layers.end());
        hit.encoding.assign(layers.begin(), layers.end());
        hit.why = found.why;
        if (!layers.empty()) {
            std::reverse(layers.begin(), layers.end());
            hit.why += (hit.why.empty() ? "" : ", ") + ("encoded: " + joined_names(layers));
        }
        hit.inner_path = stream.path;
        hit.outer_offset = stream.outer_offset;
        hit.mark = marks.at(found.begin, found.end, found.wide.has_value());
        m_limits.watch.see(m_matcher.rules()[hit.rule].id, hit);
        out.push_back(std::move(hit));
    }
}

}  // namespace r8scan
