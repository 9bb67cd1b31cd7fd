#include "report/html_parts.h"

#include "finding/suppressed_finding.h"
#include "report/html_data.h"
#include "report/markup.h"
#include "report/place.h"
#include "report/rule_text.h"
#include "report/uri.h"
#include "report/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace r8scan::report {
namespace {

constexpr std::int64_t drawing_width = 1000;

std::string rect(std::string_view kind, std::int64_t x, std::int64_t width)
{
    return fmt::format("<rect class=\"{}\" x=\"{}\" y=\"0\" width=\"{}\" height=\"10\"/>", kind, x, width);
}

std::string drawing(std::string_view kind, std::string_view parts)
{
    return fmt::format(
        "<svg class=\"{}\" viewBox=\"0 0 {} 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{}</svg>", kind,
        drawing_width, parts);
}

/// In red while it stood in the files, in amber while history alone had it, up to its end or to now.
std::string timeline(const Story& story, std::int64_t since, std::int64_t now)
{
    std::string parts = rect("base", 0, drawing_width);
    if (story.introduced) {
        const std::int64_t span = std::max<std::int64_t>(1, now - since);
        const auto at = [&](std::int64_t moment) {
            return std::clamp<std::int64_t>((moment - since) * drawing_width / span, 0, drawing_width);
        };
        constexpr std::int64_t least = 4;
        const std::int64_t end = story.ended.value_or(now);
        const std::int64_t gone = std::min(story.removed.value_or(end), end);
        parts += rect("live", at(*story.introduced), std::max(least, at(gone) - at(*story.introduced)));
        if (gone < end) {
            parts += rect("kept", at(gone), std::max(least, at(end) - at(gone)));
        }
    }
    return drawing("line", parts);
}

std::string state_mark(std::string_view state)
{
    const char* const kind = state == "still at HEAD" || state == "found" ? " live"
                             : state == "revoked" || state == "inactive"  ? " over"
                                                                          : "";
    return fmt::format("<span class=\"state{}\">{}</span>", kind, markup_text(state));
}

std::string optional_line(const std::string& escaped)
{
    return escaped.empty() ? "" : fmt::format("<div class=\"faint\">{}</div>", escaped);
}

std::string code(const std::optional<std::string>& id)
{
    return id ? fmt::format("<code>{}</code>", markup_text(id->substr(0, 10))) : "";
}

/// Not broken over two lines.
std::string day_mark(const std::string& day)
{
    return day.empty() ? "" : fmt::format("<span class=\"day\">{}</span>", markup_text(day));
}

std::string place_row(const Finding& finding)
{
    std::string name = fmt::format("<code>{}:{}</code>", markup_text(name_of_place(finding)), place_of(finding).line);
    if (finding.link && is_web_address(*finding.link)) {
        name = fmt::format("<a href=\"{}\" rel=\"noreferrer noopener\">{}</a>", markup_text(*finding.link), name);
    }
    return fmt::format("<tr class=\"place\"><td>{}{}</td><td>{}</td><td>{} {}</td><td>{}{}</td><td>{}{}</td></tr>\n",
                       name, optional_line(markup_text(detail_of(finding))),
                       finding.placeholder ? "placeholder" : to_string(finding.confidence), code(finding.commit),
                       day_mark(finding.date.value_or("").substr(0, 10)), markup_text(finding.author.value_or("")),
                       optional_line(markup_text(finding.subject.value_or(""))), state_mark(state_of_place(finding)),
                       finding.removed_in
                           ? optional_line("in " + code(finding.removed_in) + ' ' + day_mark(removal_day(finding)))
                           : "");
}

std::string token_row(const Story& story, std::int64_t since, std::int64_t now, bool show_secrets)
{
    return fmt::format(
        "<tr class=\"token\"><th scope=\"rowgroup\"><code>{}</code><div class=\"faint mono\">sha256 {}</div></th>"
        "<td>{}</td><td colspan=\"2\">{}{}</td><td>{}</td></tr>\n",
        markup_text(token_name(story.first(), show_secrets)), markup_text(story.first().token_sha256.substr(0, 12)),
        with_separators(story.places.size()), markup_text(story_text(story, now)), timeline(story, since, now),
        state_mark(state_text(story)));
}

std::string chart(const char* id, const char* title, const std::map<std::string, std::uint64_t>& counts)
{
    constexpr std::size_t most_bars = 12;
    std::vector<std::pair<std::string, std::uint64_t>> bars(counts.begin(), counts.end());
    std::stable_sort(bars.begin(), bars.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    const std::size_t shown = std::min(bars.size(), most_bars);
    std::string text = fmt::format("<section class=\"card\"><h2>{}</h2>\n<ul class=\"chart\" id=\"{}\">\n", title, id);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto width = std::max<std::int64_t>(
            6, static_cast<std::int64_t>(bars[i].second) * drawing_width / static_cast<std::int64_t>(bars[0].second));
        text += fmt::format(
            "<li><span class=\"bar\"><span class=\"name\">{}</span>{}<span class=\"count\">{}</span></span></li>\n",
            markup_text(bars[i].first), drawing("bar-line", rect("bar-part", 0, width)),
            with_separators(bars[i].second));
    }
    if (bars.size() > shown) {
        text += fmt::format("<li class=\"faint\">and {} more</li>\n", with_separators(bars.size() - shown));
    }
    return text + "</ul></section>\n";
}

void add_skips(std::string& text, const char* label, const std::vector<Skip>& skips)
{
    for (const Skip& skip : skips) {
        text += fmt::format("<tr><td>{}</td><td>{}", label, markup_text(skip.reason));
        for (const std::string& example : skip.examples) {
            text += optional_line("<code>" + markup_text(example) + "</code>");
        }
        text += fmt::format("</td><td class=\"number\">{}</td><td>{}</td></tr>\n", with_separators(skip.count),
                            markup_text(skip.way_out));
    }
}

/// By reason; a repository may give very many.
void add_suppressed(std::string& text, const Summary& summary)
{
    constexpr std::size_t most = 100;
    std::uint64_t rest = summary.suppressed;
    std::size_t rows = 0;
    const auto row = [&](std::string_view words, std::uint64_t count) {
        text += fmt::format(
            "<tr><td><span class=\"state\">suppressed</span></td><td>{}</td><td class=\"number\">{}</td><td></td></tr>\n",
            markup_text(words), with_separators(count));
    };
    for (const auto& [why, count] : counted(summary.suppressed_findings)) {
        if (rows++ < most) {
            row("by " + in_words(why), count);
            rest -= std::min(rest, count);
        }
    }
    if (rest > 0) {
        row(rows > 0 ? "for further reasons" : "found, and left out", rest);
    }
}

}  // namespace

std::string html_advice(const std::vector<Story>& stories)
{
    std::set<std::string> open_rules;
    for (const Story& story : stories) {
        if (!story.placeholder && !story.ended) {
            open_rules.insert(story.first().rule);
        }
    }
    if (stories.empty()) {
        return {};
    }
    std::string text = "<section class=\"card\"><h2>What to do</h2>\n<ol>\n";
    for (const std::string& rule : open_rules) {
        const std::string_view address = address_for_rule(rule);
        text += fmt::format(
            "<li><strong>Revoke it: {}</strong>, {}. This comes first.</li>\n", markup_text(title_of_rule(rule)),
            address.empty() ? "where it was issued"
                            : fmt::format("at <a href=\"{0}\" rel=\"noreferrer noopener\">{0}</a>", address));
    }
    return text +
           "<li>Every clone, fork and cache has it: deleting the file or rewriting history is not enough, and comes "
           "after revoking.</li>\n"
           "<li>Give the new one to the program from outside the repository, in its environment.</li>\n"
           "<li>Look at what the old one was used for since the day it came in.</li>\n</ol></section>\n";
}

std::string html_charts(const std::vector<Story>& stories)
{
    std::map<std::string, std::uint64_t> folders;
    std::map<std::string, std::uint64_t> authors;
    for (const Story& story : stories) {
        for (const Finding* const finding : story.places) {
            ++folders[folder_of(*finding)];
            if (finding->author && !finding->author->empty()) {
                ++authors[*finding->author];
            }
        }
    }
    return folders.empty() ? ""
                           : "<div class=\"pair\">\n" + chart("by-folder", "By folder", folders) +
                                 chart("by-author", "By author", authors) + "</div>\n";
}

std::string html_findings(const std::vector<Story>& stories, std::int64_t now, std::size_t max_places,
                          bool show_secrets)
{
    if (stories.empty()) {
        return {};
    }
    const std::int64_t since = beginning_of(stories, now);
    std::string text =
        "<section class=\"card\"><h2>Tokens and their places</h2>\n"
        "<p class=\"faint\"><span class=\"key live\"></span>in the files<span class=\"key kept\"></span>in history "
        "alone, "
        "and not yet revoked</p>\n"
        "<div class=\"controls\" id=\"controls\" hidden></div>\n<p class=\"faint\" id=\"status\" role=\"status\"></p>\n"
        "<div class=\"scroll\"><table id=\"findings\"><thead><tr><th scope=\"col\" data-key=\"token\">Token and "
        "place</th>"
        "<th scope=\"col\" data-key=\"places\">Places</th><th scope=\"col\" data-key=\"introduced\">Introduced</th>"
        "<th scope=\"col\" data-key=\"exposed\">Exposed, author</th><th scope=\"col\" "
        "data-key=\"state\">State</th></tr>"
        "</thead>\n";
    std::size_t shown = 0;
    std::size_t places = 0;
    for (const Story& story : stories) {
        places += story.places.size();
        if (shown >= max_places) {
            continue;
        }
        text += "<tbody>" + token_row(story, since, now, show_secrets);
        for (std::size_t i = 0; i < story.places.size() && shown < max_places; ++i, ++shown) {
            text += place_row(*story.places[i]);
        }
        text += "</tbody>\n";
    }
    text += "</table></div>\n";
    if (places > shown) {
        text += fmt::format(
            "<p class=\"faint\" id=\"partial\">The first {} of {} places. With scripts allowed the page "
            "shows all of them.</p>\n",
            with_separators(shown), with_separators(places));
    }
    return text + "</section>\n";
}

std::string html_coverage(const Summary& summary)
{
    const ObjectCounts& objects = summary.objects;
    std::string text =
        "<section class=\"card\"><h2>What was read</h2>\n<div class=\"scroll\"><table><thead><tr><th "
        "scope=\"col\"></th>"
        "<th scope=\"col\">What</th><th scope=\"col\" class=\"number\">Number</th><th scope=\"col\">Way out</th></tr></thead><tbody>\n";
    for (const auto& [name, count] :
         {std::pair("blobs", objects.blobs), std::pair("commits", objects.commits), std::pair("tags", objects.tags),
          std::pair("trees", objects.trees), std::pair("files", objects.files),
          std::pair("symbolic links", objects.symlinks), std::pair("streams", objects.streams),
          std::pair("of unknown type", objects.unknown)}) {
        if (count > 0) {
            text += fmt::format("<tr><td>listed</td><td>{}</td><td class=\"number\">{}</td><td></td></tr>\n", name,
                                with_separators(count));
        }
    }
    text += fmt::format("<tr><td>scanned</td><td>{}</td><td class=\"number\">{}</td><td></td></tr>\n",
                        human_bytes(static_cast<double>(summary.bytes)), with_separators(objects.scanned));
    add_skips(text, "<span class=\"state live\">skipped</span>", summary.skipped);
    add_skips(text, "<span class=\"state\">unopened</span>", summary.unopened);
    add_suppressed(text, summary);
    text += "</tbody></table></div>\n";
    for (const std::string& note : summary.notes) {
        text += fmt::format("<p>{}</p>\n", markup_text(note));
    }
    for (const auto& [count, name] :
         {std::pair(summary.placeholders, "placeholder"), std::pair(summary.places_not_listed, "further place")}) {
        if (count > 0) {
            text += fmt::format("<p class=\"faint\">left out: {}</p>\n", count_of(count, name));
        }
    }
    return text + "</section>\n";
}

}  // namespace r8scan::report
