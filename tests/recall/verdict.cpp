// Judging hits and counting verdicts. See verdict.h.
#include "tests/recall/verdict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace r8scan::test {
namespace {

std::string described(const std::vector<std::string>& layers, const std::string& path, const Position& at,
                      std::uint64_t end_offset, Confidence confidence)
{
    return fmt::format("{} \"{}\" {}:{}-{}:{} offset {}-{} {}", layers, path, at.line, at.column, at.end_line,
                       at.end_column, at.offset, end_offset, to_string(confidence));
}

bool same_position(const Case& wanted, const Hit& hit)
{
    const auto& a = wanted.position;
    const auto& b = hit.position;
    const bool same_lines =
        a.line == b.line && a.column == b.column && a.end_line == b.end_line && a.end_column == b.end_column;
    return a.offset == b.offset && wanted.end_offset == hit.end_offset && (same_lines || !wanted.line_known);
}

Verdict verdict_of(const Case& wanted, const std::vector<const Hit*>& own)
{
    if (own.empty()) {
        return Verdict::not_found;
    }
    if (own.size() > 1) {
        return Verdict::found_twice;
    }
    const auto& hit = *own.front();
    if (hit.encoding != wanted.where.layers) {
        return Verdict::wrong_layers;
    }
    if (hit.inner_path != wanted.where.inner_path) {
        return Verdict::wrong_path;
    }
    if (!same_position(wanted, hit)) {
        return Verdict::wrong_position;
    }
    return hit.confidence == wanted.confidence && !hit.placeholder ? Verdict::right : Verdict::wrong_confidence;
}

}  // namespace

const char* to_string(Verdict verdict)
{
    switch (verdict) {
        case Verdict::right:
            return "right";
        case Verdict::not_found:
            return "not found";
        case Verdict::wrong_layers:
            return "wrong layers";
        case Verdict::wrong_position:
            return "wrong position";
        case Verdict::wrong_path:
            return "wrong path";
        case Verdict::wrong_confidence:
            return "wrong confidence";
        case Verdict::found_twice:
            return "found twice";
    }
    return "?";
}

Judged judge(const Case& wanted, const std::vector<Hit>& hits)
{
    std::vector<const Hit*> own;
    for (const auto& hit : hits) {
        if (hit.secret.reveal() == wanted.token) {
            own.push_back(&hit);
        }
    }
    Judged judged{verdict_of(wanted, own), ""};
    if (judged.verdict != Verdict::right) {
        judged.description = "  expected " + described(wanted.where.layers, wanted.where.inner_path, wanted.position,
                                                       wanted.end_offset, wanted.confidence);
        for (const auto* hit : own) {
            judged.description +=
                "\n  found    " +
                described(hit->encoding, hit->inner_path, hit->position, hit->end_offset, hit->confidence) +
                (hit->why.empty() ? "" : " (" + hit->why + ")");
        }
    }
    return judged;
}

std::size_t VerdictTable::count(const Context& context, const Place& place, Verdict verdict)
{
    ++m_by_context[context.group + ": " + context.name][verdict];
    ++m_by_place[place.name][verdict];
    if (verdict == Verdict::right) {
        return 0;
    }
    ++m_failures;
    std::size_t failed = 0;
    for (const auto& [each, number] : m_by_context[context.group + ": " + context.name]) {
        failed += each == Verdict::right ? 0 : number;
    }
    return failed;
}

std::string VerdictTable::text() const
{
    std::string lines;
    for (const auto* counts : {&m_by_place, &m_by_context}) {
        for (const auto& [name, verdicts] : *counts) {
            if (verdicts.size() == 1 && verdicts.contains(Verdict::right)) {
                continue;
            }
            lines += name + ":";
            for (const auto& [verdict, number] : verdicts) {
                lines += fmt::format(" {} {}", number, to_string(verdict));
            }
            lines += '\n';
        }
    }
    return lines;
}

}  // namespace r8scan::test
