#include "report/github_summary.h"

#include "report/place.h"
#include "report/rule_text.h"
#include "report/text_verdict.h"
#include "report/uri.h"
#include "report/wording.h"
#include "util/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace r8scan::report {
namespace {

std::string place_cell(const Finding& finding)
{
    const Place place = place_of(finding);
    std::string cell = markdown_text(name_of_place(finding)) + fmt::format(":{}", place.line);
    if (finding.link && is_web_address(*finding.link)) {
        std::string address = *finding.link;
        for (std::size_t at = address.find_first_of("()|"); at != std::string::npos;
             at = address.find_first_of("()|", at + 1)) {
            address.replace(at, 1, fmt::format("%{:02X}", static_cast<unsigned char>(address[at])));
        }
        return fmt::format("[{}]({})", cell, address);
    }
    return cell;
}

std::string state_cell(const Finding& finding)
{
    std::vector<std::string> parts;
    if (finding.at_head) {
        parts.emplace_back("**still at HEAD**");
    }
    if (finding.removed_in) {
        parts.push_back("removed in " + markdown_text(finding.removed_in->substr(0, 10)));
    }
    if (!finding.reachable) {
        parts.emplace_back("no ref reaches it");
    }
    if (finding.verification) {
        parts.push_back("verified: " + markdown_text(finding.verification->status));
    }
    if (finding.revocation) {
        parts.push_back("revocation: " + markdown_text(finding.revocation->status));
    }
    return joined(parts);
}

std::string row(const Finding& finding, bool show_secrets)
{
    // Of a redacted one the stars say nothing; what they hide is told apart by its hash.
    const std::string redacted = finding.secret->redacted();
    const std::string secret =
        show_secrets ? std::string(finding.secret->reveal())
                     : fmt::format("{}… {}", redacted.substr(0, redacted.find('*')), finding.token_sha256.substr(0, 8));
    return fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", markdown_text(secret), place_cell(finding),
                       finding.commit ? markdown_text(finding.commit->substr(0, 10)) : "",
                       finding.date ? markdown_text(finding.date->substr(0, 10)) : "",
                       markdown_text(finding.author.value_or("")), state_cell(finding),
                       finding.placeholder ? "placeholder" : to_string(finding.confidence));
}

void add_skips(std::string& text, std::string_view label, const std::vector<Skip>& skips)
{
    for (const Skip& skip : skips) {
        text += fmt::format("- {}: {}: {}{}\n", label, markdown_text(skip.reason), with_separators(skip.count),
                            skip.way_out.empty() ? "" : "; way out: " + markdown_text(skip.way_out));
    }
}

}  // namespace

std::string markdown_text(std::string_view raw)
{
    std::string out;
    const std::string text = escape_for_terminal(raw);
    for (std::size_t at = 0; at < text.size(); ++at) {
        // Entities, as a backslash does not keep a bar from ending a cell, nor an address or a mention from linking.
        const char c = text[at];
        const bool links = c == ':' && at + 1 < text.size() && text[at + 1] != ' ';
        if (links || std::string_view("&<>|`*_[]()\\#~@!\"'").find(c) != std::string_view::npos) {
            out += fmt::format("&#{};", static_cast<int>(c));
        } else {
            out += c;
        }
    }
    return out;
}

std::string github_summary(const std::vector<Finding>& findings, const Summary& summary, const GithubOptions& options)
{
    const bool bad_news = !summary.complete || summary.interrupted;
    std::string text = fmt::format("## r8scan: {}\n\n", markdown_text(verdict(summary)));
    if (!findings.empty()) {
        text += "| token | place | commit | date | author | state | confidence |\n|---|---|---|---|---|---|---|\n";
        const std::size_t shown = std::min(findings.size(), options.rows);
        for (std::size_t i = 0; i < shown; ++i) {
            text += row(findings[i], options.show_secrets);
        }
        if (findings.size() > shown) {
            text += fmt::format("\nand {} more, which the log of this step lists\n",
                                with_separators(findings.size() - shown));
        }
        text += '\n';
        std::set<std::string> rules;
        for (const Finding& finding : findings) {
            if (!finding.placeholder && rules.insert(finding.rule).second) {
                text += fmt::format("**{}**: {}\n\n", markdown_text(title_of_rule(finding.rule)),
                                    advice_on_rule(finding.rule));
            }
        }
    }
    if (bad_news || !summary.unopened.empty()) {
        text += "### What was not read\n\n";
        add_skips(text, "skipped", summary.skipped);
        add_skips(text, "unopened", summary.unopened);
        text += '\n';
    }
    return text;
}

}  // namespace r8scan::report
