#include "report/junit.h"

#include "report/markup.h"
#include "report/place.h"
#include "report/rule_text.h"
#include "report/style.h"
#include "report/text_place.h"
#include "report/text_verdict.h"
#include "report/wording.h"

#include <fmt/format.h>

#include <algorithm>

namespace r8scan::report {
namespace {

/// The lines of the text report about this place, each escaped by itself: line ends are ours.
std::string details_of(const Finding& finding)
{
    TextOptions options;
    options.refs = 10;
    std::string out;
    const std::string text = text_of_place(finding, options, Style(false));
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        out += markup_text(std::string_view(text).substr(begin, end - begin)) + '\n';
        begin = end + 1;
    }
    return out;
}

std::string finding_case(const Finding& finding, bool show_secrets)
{
    const Place place = place_of(finding);
    const std::string secret = show_secrets ? std::string(finding.secret->reveal()) : finding.secret->redacted();
    const std::string name = fmt::format("{}:{} {}", name_of_place(finding), place.line, secret);
    std::string text =
        fmt::format("    <testcase classname=\"{}\" name=\"{}\"", markup_text(finding.rule), markup_text(name));
    if (!place.path.empty()) {
        text += fmt::format(" file=\"{}\" line=\"{}\"", markup_text(place.path), place.line);
    }
    if (finding.placeholder) {
        return text + "><skipped message=\"a made-up token\"/></testcase>\n";
    }
    text += fmt::format("><failure type=\"{}\" message=\"{}\">{}{}</failure></testcase>\n",
                        to_string(finding.confidence), markup_text(title_of_rule(finding.rule) + ' ' + secret),
                        details_of(finding), markup_text(short_advice_on_rule(finding.rule)));
    return text;
}

std::string skip_case(const Skip& skip)
{
    std::string text = fmt::format(
        "    <testcase classname=\"r8scan\" name=\"read everything: {0}\"><error type=\"incomplete\" message=\"{0}: "
        "{1}\">",
        markup_text(skip.reason), with_separators(skip.count));
    for (const std::string& example : skip.examples) {
        text += markup_text(example) + '\n';
    }
    if (!skip.way_out.empty()) {
        text += "way out: " + markup_text(skip.way_out) + '\n';
    }
    return text + "</error></testcase>\n";
}

}  // namespace

Result<void> JunitReport::finding(const Finding& finding)
{
    m_findings.push_back(finding);
    return {};
}

Result<void> JunitReport::summary(const Summary& summary)
{
    const std::size_t placeholders = static_cast<std::size_t>(
        std::count_if(m_findings.begin(), m_findings.end(), [](const Finding& f) { return f.placeholder; }));
    const std::size_t failures = m_findings.size() - placeholders;
    const std::size_t errors = summary.skipped.size();
    const bool all_well = failures + errors == 0;
    const std::string counts =
        fmt::format("name=\"r8scan\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\"",
                    m_findings.size() + errors + (all_well ? 1 : 0), failures, errors, placeholders,
                    static_cast<double>(summary.elapsed_ms) / 1000);
    std::string text =
        fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {0}>\n  <testsuite {0}>\n", counts);
    if (all_well) {
        text += fmt::format("    <testcase classname=\"r8scan\" name=\"{}\"/>\n", markup_text(verdict(summary)));
    }
    for (const Finding& finding : m_findings) {
        text += finding_case(finding, m_show_secrets);
    }
    for (const Skip& skip : summary.skipped) {
        text += skip_case(skip);
    }
    text +=
        fmt::format("    <system-out>{}</system-out>\n  </testsuite>\n</testsuites>\n", markup_text(verdict(summary)));
    return m_out.write(text);
}

}  // namespace r8scan::report
