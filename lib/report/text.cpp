#include "report/text.h"

#include "report/style.h"
#include "report/text_place.h"
#include "report/text_verdict.h"
#include "report/wording.h"
#include "util/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

namespace r8scan::report {
namespace {

/// The places of one token, as they came; `places` point into the report's findings.
struct Group {
    std::vector<const Finding*> places;
};

/// Groups in the order in which their first place came, placeholders behind all tokens.
std::vector<Group> grouped_by_token(const std::vector<Finding>& findings)
{
    std::vector<Group> groups;
    std::map<std::string, std::size_t> group_of;
    for (const Finding& finding : findings) {
        const auto [known, added] = group_of.try_emplace(finding.token_sha256, groups.size());
        if (added) {
            groups.emplace_back();
        }
        groups[known->second].places.push_back(&finding);
    }
    std::stable_partition(groups.begin(), groups.end(), [](const Group& g) { return !g.places.front()->placeholder; });
    // What still stands matters most, and only ten places are shown.
    for (Group& group : groups) {
        std::stable_partition(group.places.begin(), group.places.end(), [](const Finding* f) { return f->at_head; });
    }
    return groups;
}

std::string heading(const Group& group, bool show_secrets, const Style& style)
{
    const Finding& first = *group.places.front();
    const std::string token =
        escape_for_terminal(show_secrets ? std::string(first.secret->reveal()) : first.secret->redacted());
    const std::string details =
        fmt::format("sha256 {}  in {}", first.token_sha256.substr(0, 12), count_of(group.places.size(), "place"));
    if (first.placeholder) {
        return fmt::format("{}  {}  {}\n", style.faint("placeholder"), token, style.faint(details));
    }
    return fmt::format("{}  {}\n", style.alarm(token), style.faint(details));
}

/// What became of the token: a line each for verification and revocation, where there was one.
std::string outcomes(const Finding& finding, const Style& style)
{
    std::string text;
    for (const auto& [label, outcome] :
         {std::pair("verified", &finding.verification), std::pair("revocation", &finding.revocation)}) {
        if (!*outcome) {
            continue;
        }
        const std::string status = escape_for_terminal((*outcome)->status);
        const bool bad =
            (*outcome)->status == "active" || (*outcome)->status == "failed" || (*outcome)->status == "pending";
        text +=
            fmt::format("  {}{}{}{}\n", style.faint(fmt::format("{:<14}", label)), bad ? style.warning(status) : status,
                        (*outcome)->message.empty() ? "" : ": ", escape_for_terminal((*outcome)->message));
    }
    return text;
}

}  // namespace

TextReport::TextReport(Writer& out, const TextOptions& options) : m_out(out), m_options(options)
{
    if (m_options.verbose) {
        constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
        m_options.places = m_options.refs = m_options.skip_examples = all;
    }
}

Result<void> TextReport::finding(const Finding& finding)
{
    m_findings.push_back(finding);
    return {};
}

Result<void> TextReport::summary(const Summary& summary)
{
    const Style style(m_options.colour);
    for (const Group& group : grouped_by_token(m_findings)) {
        std::string text = heading(group, m_options.show_secrets, style) + outcomes(*group.places.front(), style);
        const std::size_t shown = std::min(group.places.size(), m_options.places);
        for (std::size_t i = 0; i < shown; ++i) {
            text += '\n' + text_of_place(*group.places[i], m_options, style);
        }
        if (group.places.size() > shown) {
            text += fmt::format("\n  and {} more (-v lists them)\n", with_separators(group.places.size() - shown));
        }
        text += '\n';
        if (Result<void> done = m_out.write(text); !done) {
            return done;
        }
    }
    const bool placeholders_listed =
        std::any_of(m_findings.begin(), m_findings.end(), [](const Finding& f) { return f.placeholder; });
    return m_out.write(text_of_verdict(summary, fates_of(m_findings), placeholders_listed, m_options, style));
}

}  // namespace r8scan::report
