#include "report/html.h"

#include "report/embedded_page.h"
#include "report/html_data.h"
#include "report/html_parts.h"
#include "report/markup.h"
#include "report/text_verdict.h"
#include "util/hash.h"

#include <fmt/format.h>

namespace r8scan::report {
namespace {

/// 'sha256-…' as a Content-Security-Policy names a style or a script (https://www.w3.org/TR/CSP3/).
std::string source_hash(std::string_view content)
{
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Hasher hasher(HashAlgorithm::sha256);
    hasher.update(std::as_bytes(std::span(content)));
    const auto digest = hasher.finish();
    std::string text = "'sha256-";
    for (std::size_t at = 0; at < digest.size(); at += 3) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = (group << 8U) | (at + i < digest.size() ? std::to_integer<std::uint32_t>(digest[at + i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            text += at + i > digest.size() ? '=' : letters[(group >> (18U - 6U * i)) & 63U];
        }
    }
    return text + '\'';
}

std::string head()
{
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; script-src {}; "
        "base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>r8scan report</title>\n<style>{}</style>\n</head>\n",
        source_hash(page_style), source_hash(page_script), page_style);
}

std::string verdict_block(const Summary& summary, const std::vector<Finding>& findings)
{
    const bool bad_news = !summary.complete || summary.interrupted;
    const char* const kind = bad_news ? " partial" : summary.findings > 0 ? " found" : "";
    const std::string repository = findings.empty() ? "" : findings.front().repository;
    return fmt::format("<h1>r8scan report</h1>\n{}<p class=\"card verdict{}\">{}</p>\n",
                       repository.empty() ? "" : fmt::format("<p class=\"faint\">{}</p>\n", markup_text(repository)),
                       kind, markup_text(verdict(summary)));
}

}  // namespace

Result<void> HtmlReport::finding(const Finding& finding)
{
    m_findings.push_back(finding);
    return {};
}

Result<void> HtmlReport::summary(const Summary& summary)
{
    const std::int64_t now = m_clock();
    const std::vector<Story> stories = stories_of(m_findings);
    std::string text =
        head() + "<body>\n<main>\n" + verdict_block(summary, m_findings) + html_advice(stories) + html_charts(stories) +
        html_findings(stories, now, m_options.plain_places, m_options.show_secrets) + html_coverage(summary);
    text += fmt::format("<footer class=\"faint\">r8scan {}, patterns {}</footer>\n</main>\n",
                        markup_text(summary.version), markup_text(summary.patterns));
    if (!stories.empty()) {
        text += "<script type=\"application/json\" id=\"data\">" + html_data(stories, now, m_options.show_secrets) +
                "</script>\n<script>";
        text += page_script;
        text += "</script>\n";
    }
    return m_out.write(text + "</body>\n</html>\n");
}

}  // namespace r8scan::report
