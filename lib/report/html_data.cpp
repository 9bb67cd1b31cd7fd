#include "report/html_data.h"

#include "report/date.h"
#include "report/place.h"
#include "report/record.h"
#include "report/uri.h"
#include "report/wording.h"
#include "util/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>

namespace r8scan::report {
namespace {

/// JSON text without the characters by which an HTML parser could find the end of a script.
std::string within_script(std::string json)
{
    std::string out;
    out.reserve(json.size());
    for (const char c : json) {
        if (c == '<' || c == '>' || c == '&') {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    return out;
}

std::string json_text(const std::string& escaped)
{
    return Record(escaped).dump();
}

/// Texts by their index, each kept once.
class Texts {
public:
    /// -1 for an empty one.
    std::int64_t index_of(const std::string& escaped)
    {
        if (escaped.empty()) {
            return -1;
        }
        const auto [known, added] = m_index.try_emplace(escaped, m_index.size());
        if (added) {
            m_json += (m_index.size() > 1 ? ",\n" : "\n") + json_text(escaped);
        }
        return static_cast<std::int64_t>(known->second);
    }
    [[nodiscard]] const std::string& json() const { return m_json; }

private:
    std::unordered_map<std::string, std::size_t> m_index;
    std::string m_json;
};

std::string shown(const std::optional<std::string>& raw)
{
    return raw ? escape_for_terminal(*raw) : "";
}

std::string nullable(const std::optional<std::int64_t>& number)
{
    return number ? std::to_string(*number) : "null";
}

/// The commit that removed it and the day, which the script takes apart at the space.
std::string removal_of(const Finding& finding)
{
    const std::string day = removal_day(finding);
    return shown(finding.removed_in) + (day.empty() ? "" : ' ' + day);
}

void add_row(std::string& rows, Texts& texts, std::size_t token, const Finding& finding)
{
    const Place place = place_of(finding);
    const std::string link = finding.link && is_web_address(*finding.link) ? *finding.link : "";
    fmt::format_to(std::back_inserter(rows), "{}[{},{},{},{},{},{},{},{},{},{},{},{},{}]", rows.empty() ? "\n" : ",\n",
                   token, texts.index_of(escape_for_terminal(name_of_place(finding))), place.line,
                   texts.index_of(shown(finding.commit)), texts.index_of(shown(finding.date)),
                   texts.index_of(shown(finding.author)), texts.index_of(shown(finding.subject)),
                   texts.index_of(removal_of(finding)), texts.index_of(state_of_place(finding)),
                   texts.index_of(finding.placeholder ? "placeholder" : to_string(finding.confidence)),
                   texts.index_of(link), texts.index_of(folder_of(finding)), texts.index_of(detail_of(finding)));
}

}  // namespace

std::string removal_day(const Finding& finding)
{
    const auto moment = finding.removed_date ? moment_of(*finding.removed_date) : std::nullopt;
    return moment ? day_text(*moment) : "";
}

std::string token_name(const Finding& finding, bool show_secrets)
{
    if (show_secrets) {
        return escape_for_terminal(finding.secret->reveal());
    }
    // 35 stars say no more than one sign does.
    const std::string redacted = finding.secret->redacted();
    return escape_for_terminal(redacted.substr(0, redacted.find('*'))) + "…";
}

std::string folder_of(const Finding& finding)
{
    const std::string path = place_of(finding).path;
    if (path.empty()) {
        return '(' + escape_for_terminal(finding.kind) + ')';
    }
    const std::size_t last = path.rfind('/');
    if (last == std::string::npos) {
        return "(top)";
    }
    const std::size_t second = path.find('/', path.find('/') + 1);
    return escape_for_terminal(path.substr(0, std::min(last, second)));
}

const char* state_of_place(const Finding& finding)
{
    if (finding.placeholder) {
        return "placeholder";
    }
    if (!finding.attributed) {
        return "found";
    }
    if (finding.at_head) {
        return "still at HEAD";
    }
    if (!finding.reachable) {
        return "no ref reaches it";
    }
    return finding.removed_in ? "removed" : "on other refs";
}

std::string detail_of(const Finding& finding)
{
    std::vector<std::string> parts;
    if (!finding.encoding.empty()) {
        parts.push_back("in " + escape_for_terminal(fmt::format("{}", fmt::join(finding.encoding, " > "))));
    }
    if (!finding.why.empty() && finding.confidence != Confidence::high) {
        parts.push_back(escape_for_terminal(finding.why));
    }
    if (finding.occurrences > 1) {
        parts.push_back(count_of(finding.occurrences, "time"));
    }
    if (finding.at_or_before) {
        parts.emplace_back("history is cut off there: it may be older");
    }
    if (finding.moved_to) {
        parts.push_back("moved to " + escape_for_terminal(*finding.moved_to));
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

std::string story_text(const Story& story, std::int64_t now)
{
    std::vector<std::string> parts;
    if (story.introduced) {
        parts.push_back("introduced " + day_text(*story.introduced));
    }
    if (story.removed) {
        parts.push_back("removed " + day_text(*story.removed));
    }
    if (story.ended) {
        parts.push_back((state_text(story) == "revoked" ? "revoked " : "found inactive ") + day_text(*story.ended));
    }
    std::string text = fmt::format("{}", fmt::join(parts, ", "));
    const std::string exposure = exposure_text(story, now);
    return exposure.empty() ? text : text + ": " + exposure;
}

std::int64_t beginning_of(const std::vector<Story>& stories, std::int64_t now)
{
    std::int64_t since = now;
    for (const Story& story : stories) {
        since = std::min(since, story.introduced.value_or(now));
    }
    return since;
}

std::string html_data(const std::vector<Story>& stories, std::int64_t now, bool show_secrets)
{
    Texts texts;
    std::string tokens;
    std::string rows;
    for (std::size_t number = 0; number < stories.size(); ++number) {
        const Story& story = stories[number];
        tokens += fmt::format(
            R"({}{{"name":{},"sha":{},"state":{},"story":{},"days":{},"introduced":{},"removed":{},"ended":{}}})",
            number == 0 ? "\n" : ",\n", json_text(token_name(story.first(), show_secrets)),
            json_text(escape_for_terminal(story.first().token_sha256)), json_text(state_text(story)),
            json_text(story_text(story, now)), nullable(days_exposed(story, now)), nullable(story.introduced),
            nullable(story.removed), nullable(story.ended));
        for (const Finding* const finding : story.places) {
            add_row(rows, texts, number, *finding);
        }
    }
    return within_script(fmt::format("{{\"since\":{},\"until\":{},\n\"tokens\":[{}],\n\"texts\":[{}],\n\"rows\":[{}]}}",
                                     beginning_of(stories, now), now, tokens, texts.json(), rows));
}

}  // namespace r8scan::report
